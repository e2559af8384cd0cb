//! Why payments are refused.

use app::payments::{
    AcceptPaymentError, CancelPaymentError, DiscardDeadPaymentError, RefundPaymentError,
    RetryDeadPaymentError,
};
use domain::{invoicing::PayInvoiceError, payments::RefundRefusal};

use crate::problem::{
    Fault, Place, Refusal,
    catalogue::{
        CURRENCY_MISMATCH, INVOICE_NOT_FOUND, INVOICE_NOT_PAYABLE, INVOICE_PAYMENT_UNKNOWN,
        NOT_FOUND, PAYMENT_EXCEEDS_AMOUNT_DUE, PAYMENT_NOT_CANCELLABLE, PAYMENT_NOT_REFUNDABLE,
        PROVIDER_UNKNOWN, REFUND_EXCEEDS_PAYMENT, VALIDATION_FAILED,
    },
};

impl From<&AcceptPaymentError> for Refusal {
    fn from(error: &AcceptPaymentError) -> Self {
        let kind = match error {
            AcceptPaymentError::ProviderUnknown(_) => &PROVIDER_UNKNOWN,
            AcceptPaymentError::InvalidProviderData(wrong) => {
                let place = Place::Pointer(format!("/{}", wrong.field));
                let fault = Fault::invalid(&VALIDATION_FAILED, place, &wrong.why);
                let refusal = Self::of(&VALIDATION_FAILED).because(error);
                return refusal.with_faults(vec![fault]);
            }
            AcceptPaymentError::InvoiceNotFound(_) => &INVOICE_NOT_FOUND,
            AcceptPaymentError::Unpayable(PayInvoiceError::NotPayable(_)) => &INVOICE_NOT_PAYABLE,
            AcceptPaymentError::Unpayable(PayInvoiceError::CurrencyMismatch { .. }) => {
                &CURRENCY_MISMATCH
            }
            AcceptPaymentError::Unpayable(PayInvoiceError::Exceeds(_)) => {
                &PAYMENT_EXCEEDS_AMOUNT_DUE
            }
            AcceptPaymentError::InvoiceInDoubt(_) => &INVOICE_PAYMENT_UNKNOWN,
            AcceptPaymentError::Rejected(why) => return Self::from(why),
            AcceptPaymentError::Storage(error) => return Self::from(error),
        };
        Self::of(kind).because(error)
    }
}

impl From<&RetryDeadPaymentError> for Refusal {
    fn from(error: &RetryDeadPaymentError) -> Self {
        let kind = match error {
            RetryDeadPaymentError::NotFound(_) => &NOT_FOUND,
            RetryDeadPaymentError::Refused(why) => return Self::from(why),
            RetryDeadPaymentError::NotRefundable(RefundRefusal::NotRefundable(_)) => {
                &PAYMENT_NOT_REFUNDABLE
            }
            RetryDeadPaymentError::NotRefundable(RefundRefusal::Exceeds(_)) => {
                &REFUND_EXCEEDS_PAYMENT
            }
        };
        Self::of(kind).because(error)
    }
}

impl From<&DiscardDeadPaymentError> for Refusal {
    fn from(error: &DiscardDeadPaymentError) -> Self {
        match error {
            DiscardDeadPaymentError::NotFound(_) => Self::of(&NOT_FOUND).because(error),
            DiscardDeadPaymentError::Storage(error) => Self::from(error),
        }
    }
}

impl From<&CancelPaymentError> for Refusal {
    fn from(error: &CancelPaymentError) -> Self {
        match error {
            CancelPaymentError::NotFound(_) => Self::of(&NOT_FOUND).because(error),
            CancelPaymentError::Refused(_) => Self::of(&PAYMENT_NOT_CANCELLABLE).because(error),
            CancelPaymentError::Storage(error) => Self::from(error),
        }
    }
}

impl From<&RefundPaymentError> for Refusal {
    fn from(error: &RefundPaymentError) -> Self {
        let kind = match error {
            RefundPaymentError::NotFound(_) => &NOT_FOUND,
            RefundPaymentError::Refused(RefundRefusal::NotRefundable(_)) => &PAYMENT_NOT_REFUNDABLE,
            RefundPaymentError::Refused(RefundRefusal::Exceeds(_)) => &REFUND_EXCEEDS_PAYMENT,
            RefundPaymentError::Rejected(why) => return Self::from(why),
            RefundPaymentError::Storage(error) => return Self::from(error),
        };
        Self::of(kind).because(error)
    }
}
