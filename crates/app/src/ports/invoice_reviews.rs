//! What the review of invoices reads and writes.

use async_trait::async_trait;
use domain::{
    ids::{InvoiceId, OrganizationId},
    invoicing::Invoice,
};
use jiff::{SignedDuration, Timestamp};

use super::StorageError;

/// A hash of what makes two invoices look the same: customer, currency, total and items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Likeness(pub [u8; 32]);

/// An invoice that another one may look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lookalike {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Which one.
    pub id: InvoiceId,
    /// What it looks like.
    pub likeness: Likeness,
    /// Since when it is there.
    pub created_at: Timestamp,
}

/// The invoices that are reviewed, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait InvoiceReviews: Send {
    /// Finds those of these invoices that are still there, and keeps others from changing them until the transaction
    /// ends. MUST lock them in the order of their ids.
    async fn list_for_update(
        &mut self,
        wanted: &[(OrganizationId, InvoiceId)],
    ) -> Result<Vec<Invoice>, StorageError>;

    /// Remembers what invoices look like, and tells for each, in their order, another one of its organization that looks
    /// the same, was made at most `window` before or after it, and is neither cancelled nor deleted.
    ///
    /// Of two that look the same, whether they come together or in two transactions at once, at least one MUST be told of
    /// the other. What an invoice looked like before MUST not count any more.
    async fn find_twins(
        &mut self,
        lookalikes: &[Lookalike],
        window: SignedDuration,
    ) -> Result<Vec<Option<InvoiceId>>, StorageError>;

    /// Stores the review of a loaded one, and nothing else of it but its version and when it changed.
    async fn record(&mut self, invoice: &Invoice) -> Result<(), StorageError>;

    /// Forgets what invoices looked like that were made before `before`, `limit` at most, and tells how many it were.
    async fn forget_looks(&mut self, before: Timestamp, limit: i64) -> Result<u64, StorageError>;
}
