//! Why payments are refused.

use app::{
    payments::{
        AcceptPaymentError, CancelPaymentError, DiscardDeadPaymentError, RefundPaymentError,
        RetryDeadPaymentError,
    },
    ports::InvalidProviderData,
};
use domain::{invoicing::PayInvoiceError, payments::RefundRefusal};

use crate::problem::{
    Fault, Place, Refusal,
    catalogue::{
        CURRENCY_MISMATCH, INVOICE_NOT_FOUND, INVOICE_NOT_PAYABLE, INVOICE_PAYMENT_UNKNOWN,
        NOT_FOUND, PAYMENT_EXCEEDS_AMOUNT_DUE, PAYMENT_NOT_CANCELLABLE, PAYMENT_NOT_REFUNDABLE,
        PROVIDER_UNKNOWN, REFUND_EXCEEDS_PAYMENT, REFUND_UNSUPPORTED, VALIDATION_FAILED,
    },
};

impl From<&AcceptPaymentError> for Refusal {
    fn from(error: &AcceptPaymentError) -> Self {
        let kind = match error {
            AcceptPaymentError::ProviderUnknown(_) => &PROVIDER_UNKNOWN,
            AcceptPaymentError::InvalidProviderData(wrong) => {
                return invalid(wrong);
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
            RefundPaymentError::ProviderUnknown(_) => &PROVIDER_UNKNOWN,
            RefundPaymentError::Impossible(wrong) => return impossible(wrong),
            RefundPaymentError::Refused(RefundRefusal::NotRefundable(_)) => &PAYMENT_NOT_REFUNDABLE,
            RefundPaymentError::Refused(RefundRefusal::Exceeds(_)) => &REFUND_EXCEEDS_PAYMENT,
            RefundPaymentError::Rejected(why) => return Self::from(why),
            RefundPaymentError::Storage(error) => return Self::from(error),
        };
        Self::of(kind).because(error)
    }
}

/// A field of the body is not what the provider needs.
fn invalid(wrong: &InvalidProviderData) -> Refusal {
    let place = Place::Pointer(format!("/{}", wrong.field));
    let fault = Fault::invalid(&VALIDATION_FAILED, place, &wrong.why);
    let refusal = Refusal::of(&VALIDATION_FAILED).because(wrong);
    refusal.with_faults(vec![fault])
}

/// The provider of a refund is that of its payment, and no field of the body.
fn impossible(wrong: &InvalidProviderData) -> Refusal {
    if wrong.field == "provider" {
        Refusal::of(&REFUND_UNSUPPORTED).because(wrong)
    } else {
        invalid(wrong)
    }
}

#[cfg(test)]
mod tests {
    use domain::values::InvalidValue;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::what_the_provider_never_does("provider", "refund_unsupported")]
    #[case::what_the_client_can_change("metadata/simulate", "validation_failed")]
    fn a_refund_that_its_provider_could_not_carry_out_is_refused(
        #[case] field: &'static str,
        #[case] code: &str,
    ) {
        let why = InvalidValue::Empty;
        let wrong = RefundPaymentError::Impossible(InvalidProviderData { field, why });

        assert_eq!(Refusal::from(&wrong).kind().code, code);
    }
}
