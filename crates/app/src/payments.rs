//! Payments: accepted, carried out, called off and given back. Money moves only through the ledger, in the transaction of
//! the change that it belongs to.

mod accept_payment;
mod begin_work;
mod book_returned_payout;
mod cancel_payment;
mod closing;
mod discard_dead_payment;
mod doubt_payouts;
mod errand;
mod heed_provider_notice;
mod history;
mod internal_payment;
mod invoice_payment;
mod movements;
mod overtaking;
mod payment_view;
mod provider_orders;
mod reconciliation;
mod refund_payment;
mod refund_view;
mod retry_dead_payment;
mod reviving;
mod settle_work;
mod settlement;
mod settling;
mod work;
mod worker;

pub use accept_payment::{
    AcceptPayment, AcceptPaymentError, AcceptPaymentHandler, NewExternal, NewKind,
};
pub use begin_work::{BeginWork, BeginWorkHandler};
pub use book_returned_payout::{
    BookReturnedPayout, BookReturnedPayoutError, BookReturnedPayoutHandler, ReturnBooked,
};
pub use cancel_payment::{CancelPayment, CancelPaymentError, CancelPaymentHandler};
pub use closing::{RefundInHand, save_payment, save_refund};
pub use discard_dead_payment::{
    DiscardDeadPayment, DiscardDeadPaymentError, DiscardDeadPaymentHandler,
};
pub use doubt_payouts::{DoubtPayouts, DoubtPayoutsHandler};
pub use errand::{Errand, Question};
pub use heed_provider_notice::{HeedProviderNotice, HeedProviderNoticeHandler};
pub use history::PaymentHistoryEntry;
pub use internal_payment::InternalPayment;
pub use invoice_payment::InvoicePaymentView;
pub use payment_view::PaymentView;
pub use provider_orders::{order_of_payment, order_of_refund};
pub use reconciliation::{Comparison, Difference, Finding, Reconciliation};
pub use refund_payment::{RefundPayment, RefundPaymentError, RefundPaymentHandler};
pub use refund_view::RefundView;
pub use retry_dead_payment::{RetryDeadPayment, RetryDeadPaymentError, RetryDeadPaymentHandler};
pub use settle_work::{SettleWork, SettleWorkHandler};
pub use settlement::{Patience, Report, SettleWorkError, Settled};
pub use worker::{PaymentHints, PaymentWorker, PaymentWorkerParts, PaymentWorkerTerms};
