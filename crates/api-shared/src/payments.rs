//! Payments, as APIs offer them.

mod course;
mod lookups;
mod payment_fields;
mod payment_filter;
mod refusals;
mod use_cases;

pub use self::{
    course::{EnginePayment, PaymentCourse},
    payment_fields::{NewRefund, new_payment, new_refund},
    payment_filter::payment_filter,
    use_cases::{PaymentReads, PaymentUseCases},
};
