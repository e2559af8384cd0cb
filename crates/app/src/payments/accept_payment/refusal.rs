//! Why a payment is not accepted.

use domain::{
    ids::InvoiceId, invoicing::PayInvoiceError, ledger::Rejection, payments::ProviderName,
};

use crate::ports::{InvalidProviderData, StorageError};

/// Why a payment was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AcceptPaymentError {
    /// There is no such provider.
    #[error("there is no payment provider {}", .0.as_str())]
    ProviderUnknown(ProviderName),
    /// The provider could not do it.
    #[error(transparent)]
    InvalidProviderData(#[from] InvalidProviderData),
    /// There is no such invoice.
    #[error("there is no invoice {0}")]
    InvoiceNotFound(InvoiceId),
    /// The invoice does not allow it.
    #[error(transparent)]
    Unpayable(#[from] PayInvoiceError),
    /// It may be paid already.
    #[error("nobody knows yet whether the money of another payment of invoice {0} has moved")]
    InvoiceInDoubt(InvoiceId),
    /// The ledger does not allow it.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
