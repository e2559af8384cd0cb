//! What happens to invoices.

use super::{InvoiceFacts, InvoiceStatus};
use crate::ids::PaymentId;

/// A step in the life of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusChange {
    /// Where it was.
    pub from: InvoiceStatus,
    /// Where it is now.
    pub to: InvoiceStatus,
}

/// What a payment has paid of an invoice, or is given back of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaidAmount {
    /// By which payment.
    pub payment_id: PaymentId,
    /// How much, in minor units.
    pub amount_minor: i64,
}

/// What happened to an invoice, with the invoice as it is afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvoiceEvent {
    /// It was drafted.
    Created(Box<InvoiceFacts>),
    /// Its contents changed.
    Updated {
        /// As it is now.
        invoice: Box<InvoiceFacts>,
        /// The names of the contents that differ from before.
        changed: Vec<&'static str>,
    },
    /// It took a step in its life.
    StatusChanged {
        /// As it is now.
        invoice: Box<InvoiceFacts>,
        /// The step.
        change: StatusChange,
    },
    /// Some of it was paid.
    PaymentReceived {
        /// As it is now.
        invoice: Box<InvoiceFacts>,
        /// What was paid.
        paid: PaidAmount,
        /// The step that it took by that, if it is settled.
        change: Option<StatusChange>,
    },
    /// Some of what was paid was given back.
    PaymentRefunded {
        /// As it is now.
        invoice: Box<InvoiceFacts>,
        /// What was given back.
        paid: PaidAmount,
        /// The step that it took by that, if it was settled.
        change: Option<StatusChange>,
    },
    /// Its contents were judged: its review says how.
    Reviewed(Box<InvoiceFacts>),
    /// It was deleted as a draft.
    Deleted(Box<InvoiceFacts>),
}

impl InvoiceEvent {
    /// The invoice as it is afterwards; the last of it, where it was deleted.
    pub fn invoice(&self) -> &InvoiceFacts {
        match self {
            Self::Created(invoice)
            | Self::Updated { invoice, .. }
            | Self::StatusChanged { invoice, .. }
            | Self::PaymentReceived { invoice, .. }
            | Self::PaymentRefunded { invoice, .. }
            | Self::Reviewed(invoice)
            | Self::Deleted(invoice) => invoice,
        }
    }
}
