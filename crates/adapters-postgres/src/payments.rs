//! Payments.

mod invoice_payments;
mod payment_history;
mod payment_list;
mod payment_queries;
mod payment_repository;
mod payment_row;
mod progress_row;
mod refund_queries;
mod refund_repository;
mod refund_row;
mod simulator_record;

pub(crate) use self::progress_row::attempt_columns;
pub use self::{payment_queries::PgPaymentQueries, simulator_record::PgSimulatorRecord};
