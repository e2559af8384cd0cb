//! `POST /api/v1/payments`

use actix_web::{post, web};
use api_shared::payments::{PaymentCourse, new_payment};
use app::ledger::Verdict;
use domain::payments::{PaymentFacts, PaymentStatus};
use jiff::Timestamp;

use super::{payment_body::PaymentBody, payment_fields::NewPayment};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WritePayments},
    input::Request,
    problem::Problem,
};

/// Make a payment
///
/// One between two accounts is carried out at once: 201. One through a provider is carried out in the background: 202, and
/// its money is reserved already if it is a payout.
#[utoipa::path(
    tag = "payments",
    operation_id = "createPayment",
    security(("api_key" = ["payments:write"])),
    request_body = NewPayment,
    responses(
        (status = 201, description = "The payment, whose money has moved", body = PaymentBody),
        (status = 202, description = "The payment, which goes on in the background", body = PaymentBody),
        Refusals,
    )
)]
#[post("/payments")]
pub(super) async fn create_payment(
    caller: Caller<WritePayments>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let command = request.read(|input| input.body(|it| new_payment(it, caller.acting())))?;
    let now = api.payments.clock.now();
    match api.payments.course_of(command)? {
        PaymentCourse::Engine(payment) => {
            let ask = payment.ask();
            let show = move |verdict: &Verdict| Ok(made(&payment.outcome(verdict)?, now));
            request.post(ask, show).await
        }
        PaymentCourse::Handler(command) => {
            let show = move |facts: &PaymentFacts| made(facts, now);
            let accept = &api.payments.accept;
            request.execute_once_only(accept, command, show).await
        }
    }
}

fn made(facts: &PaymentFacts, now: Timestamp) -> Answer {
    let location = format!("/api/v1/payments/{}", facts.id);
    let body = PaymentBody::of(facts, now);
    if facts.status() == PaymentStatus::Completed {
        Answer::created(&location, facts.version, &body)
    } else {
        Answer::accepted(&location, &body)
    }
}

crate::openapi::refusals!(
    Refusals: PROVIDER_UNKNOWN, INVOICE_NOT_FOUND, INVOICE_NOT_PAYABLE, INVOICE_PAYMENT_UNKNOWN, PAYMENT_EXCEEDS_AMOUNT_DUE, ACCOUNT_NOT_FOUND,
    SAME_ACCOUNT, CURRENCY_MISMATCH, INSUFFICIENT_FUNDS, ACCOUNT_FROZEN, ACCOUNT_CLOSED, AMOUNT_OUT_OF_RANGE,
    IDEMPOTENCY_KEY_REQUIRED, OVERLOADED
);
