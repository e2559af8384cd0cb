//! Stored invoices.

use async_trait::async_trait;
use domain::{
    ids::{InvoiceId, OrganizationId},
    invoicing::Invoice,
};
use jiff::civil::Date;

use super::StorageError;

/// What became of a write that a unique value of another row can forbid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It was stored.
    Stored,
    /// Another row has the value already; nothing was written.
    AlreadyThere,
}

/// The invoices, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait InvoiceRepository: Send {
    /// Finds an invoice and keeps others from changing it until the transaction ends.
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: InvoiceId,
    ) -> Result<Option<Invoice>, StorageError>;

    /// Stores a new one, unless its number is another's.
    async fn insert(&mut self, invoice: &Invoice) -> Result<Written, StorageError>;

    /// Stores what changed in a loaded one, unless its number is another's.
    async fn update(&mut self, invoice: &Invoice) -> Result<Written, StorageError>;

    /// Removes a loaded one.
    async fn delete(&mut self, invoice: &Invoice) -> Result<(), StorageError>;

    /// Finds at most `limit` sent or viewed invoices of any organization whose due date is over `today`, in id order, and
    /// keeps others from changing them; passes over those that somebody is changing right now, and over those that
    /// cannot be read, which MUST not keep others from being found. MUST find none while another transaction, of any
    /// instance, holds some that it found.
    async fn list_unswept_for_update(
        &mut self,
        today: Date,
        limit: i64,
    ) -> Result<Vec<Invoice>, StorageError>;
}
