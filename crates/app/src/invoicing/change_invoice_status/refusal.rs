//! Why an invoice stays where it is.

use domain::{
    ids::{InvoiceId, OrganizationId},
    invoicing::ChangeStatusError,
    ledger::Rejection,
    version::VersionConflict,
};

use crate::ports::StorageError;

/// Why a status was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeInvoiceStatusError {
    /// There is no such invoice.
    #[error("there is no invoice {0}")]
    NotFound(InvoiceId),
    /// The caller's organization is gone.
    #[error("there is no organization {0}")]
    OrganizationNotFound(OrganizationId),
    /// It has changed meanwhile.
    #[error(transparent)]
    Conflict(#[from] VersionConflict),
    /// The invoice does not allow it.
    #[error(transparent)]
    Refused(#[from] ChangeStatusError),
    /// The ledger has no room for what it comes to.
    #[error(transparent)]
    Unbookable(Rejection),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
