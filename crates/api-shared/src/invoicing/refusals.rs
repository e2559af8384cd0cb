//! Which refusal an error of a use case is.

use app::invoicing::{
    ChangeInvoiceStatusError, CreateInvoiceError, DeleteInvoiceError, EditInvoiceError,
};
use domain::invoicing::{ChangeStatusError, RewriteError};

use crate::problem::{
    Refusal,
    catalogue::{
        ALREADY_EXISTS, AMOUNT_OUT_OF_RANGE, CURRENCY_WITHDRAWN, CUSTOMER_NOT_FOUND,
        INVOICE_HAS_PAYMENTS, INVOICE_NOT_DELETABLE, INVOICE_NOT_EDITABLE, NOT_FOUND,
        REVIEW_REJECTED, STATUS_TRANSITION_FORBIDDEN, VERSION_CONFLICT,
    },
};

impl From<&CreateInvoiceError> for Refusal {
    fn from(error: &CreateInvoiceError) -> Self {
        match error {
            CreateInvoiceError::OrganizationNotFound(_) => Self::of(&NOT_FOUND).because(error),
            CreateInvoiceError::CustomerNotFound(_) => Self::of(&CUSTOMER_NOT_FOUND).because(error),
            CreateInvoiceError::AlreadyExists => Self::of(&ALREADY_EXISTS).because(error),
            CreateInvoiceError::CurrencyWithdrawn(_) => {
                Self::of(&CURRENCY_WITHDRAWN).because(error)
            }
            CreateInvoiceError::Refused(_) => Self::of(&AMOUNT_OUT_OF_RANGE).because(error),
            CreateInvoiceError::Storage(error) => Self::from(error),
        }
    }
}

impl From<&EditInvoiceError> for Refusal {
    fn from(error: &EditInvoiceError) -> Self {
        let kind = match error {
            EditInvoiceError::NotFound(_) => &NOT_FOUND,
            EditInvoiceError::CustomerNotFound(_) => &CUSTOMER_NOT_FOUND,
            EditInvoiceError::Conflict(_) => &VERSION_CONFLICT,
            EditInvoiceError::AlreadyExists => &ALREADY_EXISTS,
            EditInvoiceError::Refused(RewriteError::NotEditable(_)) => &INVOICE_NOT_EDITABLE,
            EditInvoiceError::Refused(RewriteError::AmountOutOfRange(_)) => &AMOUNT_OUT_OF_RANGE,
            EditInvoiceError::Voucher(why) => return Self::from(why),
            EditInvoiceError::Storage(error) => return Self::from(error),
        };
        Self::of(kind).because(error)
    }
}

impl From<&ChangeInvoiceStatusError> for Refusal {
    fn from(error: &ChangeInvoiceStatusError) -> Self {
        let kind = match error {
            ChangeInvoiceStatusError::NotFound(_)
            | ChangeInvoiceStatusError::OrganizationNotFound(_) => &NOT_FOUND,
            ChangeInvoiceStatusError::Conflict(_) => &VERSION_CONFLICT,
            ChangeInvoiceStatusError::Refused(ChangeStatusError::Forbidden(_)) => {
                &STATUS_TRANSITION_FORBIDDEN
            }
            ChangeInvoiceStatusError::Refused(ChangeStatusError::HasPayments(_)) => {
                &INVOICE_HAS_PAYMENTS
            }
            ChangeInvoiceStatusError::Refused(ChangeStatusError::ReviewRejected(_)) => {
                &REVIEW_REJECTED
            }
            ChangeInvoiceStatusError::Unbookable(_) => &AMOUNT_OUT_OF_RANGE,
            ChangeInvoiceStatusError::Storage(error) => return Self::from(error),
        };
        Self::of(kind).because(error)
    }
}

impl From<&DeleteInvoiceError> for Refusal {
    fn from(error: &DeleteInvoiceError) -> Self {
        match error {
            DeleteInvoiceError::NotFound(_) => Self::of(&NOT_FOUND).because(error),
            DeleteInvoiceError::Conflict(_) => Self::of(&VERSION_CONFLICT).because(error),
            DeleteInvoiceError::Refused(_) => Self::of(&INVOICE_NOT_DELETABLE).because(error),
            DeleteInvoiceError::Storage(error) => Self::from(error),
        }
    }
}
