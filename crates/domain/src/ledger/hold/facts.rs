//! What is known of a hold.

use jiff::{SignedDuration, Timestamp};

use crate::{
    ids::{AccountId, HoldId, OrganizationId, PaymentId, TransferId},
    ledger::{Folio, HoldState, TransferAmount, TransferDetails, TransferKind, TransferOrder},
    values::{Currency, InvalidValue},
    version::Version,
};

/// Where a hold stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldStatus {
    /// The money is reserved.
    Pending,
    /// It was taken, in whole or in part; the rest was let go.
    Captured {
        /// What was taken.
        amount: TransferAmount,
        /// By which transfer.
        transfer_id: TransferId,
        /// When.
        at: Timestamp,
    },
    /// It was let go.
    Voided {
        /// When.
        at: Timestamp,
    },
    /// Nobody has taken it in time.
    Expired {
        /// When it was let go.
        at: Timestamp,
    },
}

impl HoldStatus {
    /// The same in a word.
    pub const fn state(self) -> HoldState {
        match self {
            Self::Pending => HoldState::Pending,
            Self::Captured { .. } => HoldState::Captured,
            Self::Voided { .. } => HoldState::Voided,
            Self::Expired { .. } => HoldState::Expired,
        }
    }

    /// Its word.
    pub const fn code(self) -> &'static str {
        self.state().code()
    }
}

/// How long money is reserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldTerm {
    /// Until this instant, unless it was taken before.
    Until(Timestamp),
    /// As long as this payment, or a refund of it, is under way: only that takes it or lets it go.
    WhilePaying(PaymentId),
}

impl HoldTerm {
    /// When it ends by itself, if it does.
    pub const fn expires_at(self) -> Option<Timestamp> {
        match self {
            Self::Until(at) => Some(at),
            Self::WhilePaying(_) => None,
        }
    }

    /// The payment that it depends on, if it does.
    pub const fn payment_id(self) -> Option<PaymentId> {
        match self {
            Self::Until(_) => None,
            Self::WhilePaying(id) => Some(id),
        }
    }
}

/// All that is stored of a hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldFacts {
    /// Which one.
    pub id: HoldId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// On which account.
    pub account_id: AccountId,
    /// For which account.
    pub destination_account_id: AccountId,
    /// How much.
    pub amount: TransferAmount,
    /// In what.
    pub currency: Currency,
    /// What it is for.
    pub details: TransferDetails,
    /// Where it stands.
    pub status: HoldStatus,
    /// How long it can be taken.
    pub term: HoldTerm,
    /// Since when.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: Version,
}

impl HoldFacts {
    /// The least time to take it, in seconds.
    pub const EXPIRES_IN_SECONDS_MIN: i64 = 1;
    /// The most time to take it, in seconds: a year.
    pub const EXPIRES_IN_SECONDS_MAX: i64 = 366 * 86_400;
    /// The time to take it unless somebody says otherwise, in seconds: 7 days.
    pub const EXPIRES_IN_SECONDS_DEFAULT: i64 = 7 * 86_400;

    /// Checks for how long a hold may be made.
    pub const fn check_expires_in(seconds: i64) -> Result<SignedDuration, InvalidValue> {
        if seconds >= Self::EXPIRES_IN_SECONDS_MIN && seconds <= Self::EXPIRES_IN_SECONDS_MAX {
            Ok(SignedDuration::from_secs(seconds))
        } else {
            Err(InvalidValue::OutOfRange {
                rule: "from 1 to 31622400",
            })
        }
    }

    /// When it last changed.
    pub const fn changed_at(&self) -> Timestamp {
        self.updated_at
    }

    /// The transfer that would take all of it.
    pub fn as_order(&self, id: TransferId) -> TransferOrder {
        TransferOrder {
            id,
            organization_id: self.organization_id,
            kind: TransferKind::HoldCapture,
            source: Folio::whole(self.account_id),
            destination: Folio::whole(self.destination_account_id),
            amount: self.amount,
            currency: self.currency,
            details: self.details.clone(),
        }
    }
}
