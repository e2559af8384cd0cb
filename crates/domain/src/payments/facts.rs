//! All that is stored of payments and refunds.

use jiff::Timestamp;

use super::{PaymentKind, PaymentStatus, Progress, RefundReason};
use crate::{
    ids::{HoldId, InvoiceId, OrganizationId, PaymentId, RefundId},
    ledger::{TransferAmount, TransferDescription},
    values::{Currency, Metadata},
    version::Version,
};

/// All that is stored of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentFacts {
    /// Which one.
    pub id: PaymentId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// What sort it is.
    pub kind: PaymentKind,
    /// How much.
    pub amount: TransferAmount,
    /// In what.
    pub currency: Currency,
    /// The invoice that it settles, in part or whole.
    pub invoice_id: Option<InvoiceId>,
    /// What it is for.
    pub description: Option<TransferDescription>,
    /// The client's notes.
    pub metadata: Metadata,
    /// How far it is.
    pub progress: Progress,
    /// What was given back, in minor units.
    pub refunded_minor: i64,
    /// What is about to be given back, in minor units.
    pub refunding_minor: i64,
    /// Since when.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: Version,
}

impl PaymentFacts {
    /// Where it stands.
    pub const fn status(&self) -> PaymentStatus {
        match self.progress.stage.status() {
            PaymentStatus::Completed if self.refunded_minor == self.amount.as_minor() => {
                PaymentStatus::Refunded
            }
            PaymentStatus::Completed if self.refunded_minor > 0 => PaymentStatus::PartiallyRefunded,
            status => status,
        }
    }

    /// What can still be given back, in minor units.
    pub const fn refundable_minor(&self) -> i64 {
        if self.status().has_moved() {
            self.amount.as_minor() - self.refunded_minor - self.refunding_minor
        } else {
            0
        }
    }

    /// When it last changed.
    pub const fn changed_at(&self) -> Timestamp {
        self.updated_at
    }
}

/// All that is stored of a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundFacts {
    /// Which one.
    pub id: RefundId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// Of which payment.
    pub payment_id: PaymentId,
    /// How much.
    pub amount: TransferAmount,
    /// In what.
    pub currency: Currency,
    /// Why.
    pub reason: Option<RefundReason>,
    /// The client's notes.
    pub metadata: Metadata,
    /// What reserves the money until it has moved, where it leaves an account through a provider.
    pub hold_id: Option<HoldId>,
    /// How far it is.
    pub progress: Progress,
    /// Since when.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: Version,
}

impl RefundFacts {
    /// Where it stands.
    pub const fn status(&self) -> PaymentStatus {
        self.progress.stage.status()
    }

    /// When it last changed.
    pub const fn changed_at(&self) -> Timestamp {
        self.updated_at
    }
}
