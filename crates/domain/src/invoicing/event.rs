//! What happens to invoices.

use super::{InvoiceFacts, InvoiceStatus};

/// A step in the life of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusChange {
    /// Where it was.
    pub from: InvoiceStatus,
    /// Where it is now.
    pub to: InvoiceStatus,
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
            | Self::Reviewed(invoice)
            | Self::Deleted(invoice) => invoice,
        }
    }
}
