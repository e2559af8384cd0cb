//! What sort of payment it is, with what only that sort has.

use crate::{
    ids::{AccountId, HoldId},
    ledger::{ProviderName, SystemAccount},
    values::{InvalidValue, Metadata},
};

/// What sort of payment it is, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentType {
    /// Between two accounts.
    InternalTransfer,
    /// Through a provider.
    ExternalPayment,
}

impl PaymentType {
    /// Both.
    pub const ALL: [Self; 2] = [Self::InternalTransfer, Self::ExternalPayment];

    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InternalTransfer => "internal_transfer",
            Self::ExternalPayment => "external_payment",
        }
    }

    /// Reads its word.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.code() == raw)
            .ok_or(InvalidValue::Unsupported {
                expected: "internal_transfer or external_payment",
            })
    }
}

/// Which way money goes through a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From an account to the world outside.
    Payout,
    /// From the world outside to an account.
    Charge,
}

impl Direction {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Payout, Self::Charge];

    /// Its word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Payout => "payout",
            Self::Charge => "charge",
        }
    }

    /// Reads its word.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        Self::ALL
            .into_iter()
            .find(|direction| direction.code() == raw)
            .ok_or(InvalidValue::Unsupported {
                expected: "payout or charge",
            })
    }
}

/// A payment's way through a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderLeg {
    /// Through which one.
    pub provider: ProviderName,
    /// Which way.
    pub direction: Direction,
    /// The account that the money comes from or goes to.
    pub account_id: AccountId,
    /// What the provider needs to know: its own tokens, never the data of a card.
    pub provider_data: Metadata,
    /// What reserves the money of a payout until it has moved.
    pub hold_id: Option<HoldId>,
}

impl ProviderLeg {
    /// Where money is while the provider has it.
    pub fn clearing(&self) -> SystemAccount {
        SystemAccount::Clearing(self.provider.clone())
    }
}

/// What sort of payment it is, with what only that sort has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentKind {
    /// Between two accounts.
    Internal {
        /// Where it comes from.
        source_account_id: AccountId,
        /// Where it goes.
        destination_account_id: AccountId,
    },
    /// Through a provider.
    External(ProviderLeg),
}

impl PaymentKind {
    /// In a word.
    pub const fn payment_type(&self) -> PaymentType {
        match self {
            Self::Internal { .. } => PaymentType::InternalTransfer,
            Self::External(_) => PaymentType::ExternalPayment,
        }
    }

    /// The account that the money comes from, if it is one of the ledger's own.
    pub const fn source_account_id(&self) -> Option<AccountId> {
        match self {
            Self::Internal {
                source_account_id, ..
            } => Some(*source_account_id),
            Self::External(leg) => match leg.direction {
                Direction::Payout => Some(leg.account_id),
                Direction::Charge => None,
            },
        }
    }

    /// The account that the money goes to, if it is one of the ledger's own.
    pub const fn destination_account_id(&self) -> Option<AccountId> {
        match self {
            Self::Internal {
                destination_account_id,
                ..
            } => Some(*destination_account_id),
            Self::External(leg) => match leg.direction {
                Direction::Payout => None,
                Direction::Charge => Some(leg.account_id),
            },
        }
    }

    /// Its way through a provider, if it goes that way.
    pub const fn leg(&self) -> Option<&ProviderLeg> {
        match self {
            Self::Internal { .. } => None,
            Self::External(leg) => Some(leg),
        }
    }
}
