//! What is known of an invoice.

use jiff::Timestamp;

use super::{InvoiceContents, InvoiceNumber, InvoiceState, Review, Totals};
use crate::{
    ids::{InvoiceId, OrganizationId},
    version::{Precondition, Version, VersionConflict},
};

/// All that is stored of an invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoiceFacts {
    /// Which one.
    pub id: InvoiceId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// What is written on it.
    pub contents: InvoiceContents,
    /// What it comes to.
    pub totals: Totals,
    /// What was paid on it, in minor units.
    pub amount_paid_minor: i64,
    /// Where it stands.
    pub state: InvoiceState,
    /// What the validation service thinks of its contents.
    pub review: Review,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: Version,
}

impl InvoiceFacts {
    /// When it last changed.
    pub const fn changed_at(&self) -> Timestamp {
        self.updated_at
    }

    /// Holds when a version that the caller is ready to change is still the current one in all that callers change.
    ///
    /// A verdict comes by itself, shortly after the contents. Whoever has seen everything but the verdict has seen all that
    /// they could overwrite: they are not told of a conflict because of it.
    pub fn check(&self, precondition: &Precondition) -> Result<(), VersionConflict> {
        let checked = precondition.check(self.version);
        match self.review.verdict() {
            Some(verdict) if verdict.version == self.version => {
                checked.or_else(
                    |conflict| match precondition.check(verdict.version.previous()) {
                        Ok(()) => Ok(()),
                        Err(_) => Err(conflict),
                    },
                )
            }
            _ => checked,
        }
    }

    /// What it is called: the number it was issued under, before that the one that the client has chosen.
    pub fn number(&self) -> Option<&InvoiceNumber> {
        let issued = self.state.issue().map(|issue| &issue.number);
        issued.or(self.contents.number.as_ref())
    }

    /// What is still to be paid, in minor units; nothing on a cancelled one.
    pub const fn amount_due_minor(&self) -> i64 {
        match self.state {
            InvoiceState::Cancelled { .. } => 0,
            _ => self.totals.total_minor - self.amount_paid_minor,
        }
    }
}
