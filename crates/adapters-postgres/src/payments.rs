//! Payments.

mod invoice_payments;
mod payment_dead_letters;
mod payment_history;
mod payment_list;
mod payment_queries;
mod payment_repository;
mod payment_row;
mod payment_work;
mod payment_work_queries;
mod progress_row;
mod refund_queries;
mod refund_repository;
mod refund_row;
mod simulator_record;
mod suspected_returns;

pub(crate) use self::progress_row::attempt_columns;
pub use self::{
    payment_dead_letters::PgPaymentDeadLetterQueries, payment_queries::PgPaymentQueries,
    payment_work_queries::PgPaymentWorkQueries, simulator_record::PgSimulatorRecord,
};
