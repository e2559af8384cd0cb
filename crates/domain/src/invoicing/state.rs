//! The state of an invoice: each variant holds what only that state has.

use jiff::Timestamp;

use super::{InvoiceNumber, InvoiceStatus, Party};

/// What issuing an invoice fixes for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// What it is called.
    pub number: InvoiceNumber,
    /// When it left draft.
    pub issued_at: Timestamp,
    /// Who issued it, as they were then.
    pub seller: Party,
}

/// Where an invoice stands, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvoiceState {
    /// Still being written.
    Draft,
    /// Issued to the customer.
    Sent(Issue),
    /// Seen by the customer.
    Viewed(Issue),
    /// Not paid in time.
    Overdue(Issue),
    /// Settled.
    Paid {
        /// How it was issued.
        issue: Issue,
        /// When the last of it was paid.
        paid_at: Timestamp,
    },
    /// Withdrawn, as a draft or after it was issued.
    Cancelled {
        /// How it was issued, if it was.
        issue: Option<Issue>,
        /// When it was withdrawn.
        cancelled_at: Timestamp,
    },
}

impl InvoiceState {
    /// The name of the state.
    pub const fn status(&self) -> InvoiceStatus {
        match self {
            Self::Draft => InvoiceStatus::Draft,
            Self::Sent(_) => InvoiceStatus::Sent,
            Self::Viewed(_) => InvoiceStatus::Viewed,
            Self::Overdue(_) => InvoiceStatus::Overdue,
            Self::Paid { .. } => InvoiceStatus::Paid,
            Self::Cancelled { .. } => InvoiceStatus::Cancelled,
        }
    }

    /// What issuing fixed, if it was issued.
    pub const fn issue(&self) -> Option<&Issue> {
        match self {
            Self::Draft => None,
            Self::Sent(issue)
            | Self::Viewed(issue)
            | Self::Overdue(issue)
            | Self::Paid { issue, .. } => Some(issue),
            Self::Cancelled { issue, .. } => issue.as_ref(),
        }
    }

    /// When it was settled, if it was.
    pub const fn paid_at(&self) -> Option<Timestamp> {
        match self {
            Self::Paid { paid_at, .. } => Some(*paid_at),
            _ => None,
        }
    }

    /// When it was withdrawn, if it was.
    pub const fn cancelled_at(&self) -> Option<Timestamp> {
        match self {
            Self::Cancelled { cancelled_at, .. } => Some(*cancelled_at),
            _ => None,
        }
    }
}
