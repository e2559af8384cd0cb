//! Payments, and the refunds of them.

mod cancel_payment;
mod create_payment;
mod dead_letters;
mod get_payment;
mod get_refund;
mod list_payment_events;
mod list_payments;
mod list_refunds;
mod payment_body;
mod payment_fields;
mod refund_body;
mod refund_payment;

use utoipa_actix_web::service_config::ServiceConfig;

/// Adds the endpoints.
pub(crate) fn endpoints(config: &mut ServiceConfig<'_>) {
    config
        .service(create_payment::create_payment)
        .service(list_payments::list_payments)
        .service(get_payment::get_payment)
        .service(list_payment_events::list_payment_events)
        .service(cancel_payment::cancel_payment)
        .service(refund_payment::refund_payment)
        .service(refund_payment::refund_payment_too)
        .service(list_refunds::list_refunds)
        .service(get_refund::get_refund)
        .service(dead_letters::list_dead_letters)
        .service(dead_letters::retry_dead_letter)
        .service(dead_letters::discard_dead_letter);
}

#[cfg(test)]
mod tests;
