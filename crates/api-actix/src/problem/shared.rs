//! Errors that both APIs refuse alike.

use api_shared::problem::Refusal;
use app::{
    idempotency::OnceError,
    invoicing::{
        ChangeInvoiceStatusError, CreateInvoiceError, DeleteInvoiceError, EditInvoiceError,
    },
    ledger::{
        CaptureHoldError, ChangeAccountError, OpenAccountError, PlaceHoldError, PostingError,
        ReverseTransferError, VoidHoldError,
    },
    payments::{
        AcceptPaymentError, CancelPaymentError, DiscardDeadPaymentError, RefundPaymentError,
        RetryDeadPaymentError,
    },
    ports::StorageError,
    vouchers::{
        ApplyVoucherError, IssueVoucherError, LaunchCampaignError, LiftBlockError,
        OrderVouchersError, RedeemGiftError, ReviseCampaignError, ReviseVoucherError,
        TakeOffVoucherError, UnblockCustomerError,
    },
    wallets::{CloseUserError, RegisterUserError, RenameUserError},
};
use domain::ledger::Rejection;

use super::Problem;

macro_rules! shared {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for Problem {
            fn from(error: $error) -> Self {
                Refusal::from(error).into()
            }
        }
    )+};
}

shared!(StorageError, OnceError, PostingError);
shared!(
    &StorageError,
    &CreateInvoiceError,
    &EditInvoiceError,
    &ChangeInvoiceStatusError,
    &DeleteInvoiceError,
);
shared!(
    &Rejection,
    &OpenAccountError,
    &ChangeAccountError,
    &ReverseTransferError,
    &PlaceHoldError,
    &CaptureHoldError,
    &VoidHoldError,
);
shared!(
    &AcceptPaymentError,
    &CancelPaymentError,
    &DiscardDeadPaymentError,
    &RetryDeadPaymentError,
    &RefundPaymentError,
);
shared!(
    &LaunchCampaignError,
    &ReviseCampaignError,
    &IssueVoucherError,
    &OrderVouchersError,
    &ReviseVoucherError,
    &ApplyVoucherError,
    &TakeOffVoucherError,
    &RedeemGiftError,
    &UnblockCustomerError,
    &LiftBlockError,
);
shared!(&RegisterUserError, &RenameUserError, &CloseUserError);
