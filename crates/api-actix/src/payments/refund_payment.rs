//! `POST /api/v1/payments/{id}/refunds`, and the same under another name.

use actix_web::{post, web};
use api_shared::payments::new_refund;
use domain::{
    ids::PaymentId,
    payments::{PaymentStatus, RefundFacts},
};

use super::{payment_fields::NewRefund, refund_body::RefundBody};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WritePayments},
    input::Request,
    problem::Problem,
};

/// Refund a payment
///
/// In part or whole, and several times up to the amount. Between two accounts the money is given back at once: 201. Through
/// a provider that goes on in the background: 202, and the money is reserved already where it leaves an account.
#[utoipa::path(
    tag = "payments",
    operation_id = "refundPayment",
    security(("api_key" = ["payments:write"])),
    request_body = NewRefund,
    responses(
        (status = 201, description = "The refund, whose money has moved", body = RefundBody),
        (status = 202, description = "The refund, which goes on in the background", body = RefundBody),
        Refusals,
    )
)]
#[post("/payments/{id}/refunds")]
pub(super) async fn refund_payment(
    caller: Caller<WritePayments>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    refund(&caller, &api, &request).await
}

/// Refund a payment (another name)
///
/// The same as `POST /payments/{id}/refunds`.
#[utoipa::path(
    tag = "payments",
    operation_id = "refundPaymentToo",
    security(("api_key" = ["payments:write"])),
    request_body = NewRefund,
    responses(
        (status = 201, description = "The refund, whose money has moved", body = RefundBody),
        (status = 202, description = "The refund, which goes on in the background", body = RefundBody),
        Refusals,
    )
)]
#[post("/payments/{id}/refund")]
pub(super) async fn refund_payment_too(
    caller: Caller<WritePayments>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    refund(&caller, &api, &request).await
}

async fn refund(
    caller: &Caller<WritePayments>,
    api: &Api,
    request: &Request,
) -> Result<Answer, Problem> {
    let (id, refund) = request.read(|input| {
        let id = input.id("id", PaymentId::from_uuid);
        let refund = input.body_if_any(new_refund);
        Some((id?, refund?))
    })?;
    let command = refund.of(id, caller.acting());
    request
        .execute_once_only(&api.payments.refund, command, made)
        .await
}

fn made(facts: &RefundFacts) -> Answer {
    let location = format!("/api/v1/payments/{}/refunds/{}", facts.payment_id, facts.id);
    let body = RefundBody::from(facts);
    if facts.status() == PaymentStatus::Completed {
        Answer::created(&location, facts.version, &body)
    } else {
        Answer::accepted(&location, &body)
    }
}

crate::openapi::refusals!(
    Refusals: PAYMENT_NOT_REFUNDABLE, REFUND_EXCEEDS_PAYMENT, REFUND_UNSUPPORTED, PROVIDER_UNKNOWN, INSUFFICIENT_FUNDS, ACCOUNT_FROZEN, ACCOUNT_CLOSED,
    AMOUNT_OUT_OF_RANGE, IDEMPOTENCY_KEY_REQUIRED
);
