//! Why a draft stays as it is.

use domain::{
    ids::{CustomerId, InvoiceId},
    invoicing::RewriteError,
    version::VersionConflict,
};

use crate::{ports::StorageError, vouchers::RestateError};

/// Why a draft was not changed.
#[derive(Debug, thiserror::Error)]
pub enum EditInvoiceError {
    /// There is no such invoice.
    #[error("there is no invoice {0}")]
    NotFound(InvoiceId),
    /// There is no such customer.
    #[error("there is no customer {0}")]
    CustomerNotFound(CustomerId),
    /// It has changed meanwhile.
    #[error(transparent)]
    Conflict(#[from] VersionConflict),
    /// Its number is another's.
    #[error("another invoice has this number")]
    AlreadyExists,
    /// The invoice does not allow it.
    #[error(transparent)]
    Refused(#[from] RewriteError),
    /// A voucher that is applied would give nothing any more.
    #[error(transparent)]
    Voucher(RestateError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<RestateError> for EditInvoiceError {
    fn from(error: RestateError) -> Self {
        match error {
            RestateError::Contents(why) => Self::Refused(why),
            RestateError::Storage(error) => Self::Storage(error),
            RestateError::Refused(_) => Self::Voucher(error),
        }
    }
}
