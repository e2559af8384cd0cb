//! `/api/v1/dead-letters`: payments and refunds that were given up.

use actix_web::{delete, get, post, web};
use api_shared::payments::PaymentUseCases;
use app::{
    paging::Window,
    payments::{DiscardDeadPayment, RetryDeadPayment},
    ports::{DeadPayment, DeadPaymentView},
    wire,
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WritePayments},
    input::{Input, Request},
    listing::ListOf,
    problem::Problem,
    schemas,
};

/// A payment or a refund that was given up after its last attempt.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeadLetter, example = json!({
    "id": "01936f8a-7777-7c3d-9a4f-2b6c8d0e1f23",
    "payment_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "refund_id": null,
    "provider": "simulator",
    "direction": "payout",
    "amount_minor": 174_000,
    "currency": "USD",
    "attempts": 5,
    "answer_code": "unavailable",
    "accepted_at": "2026-11-20T13:02:11.000000Z",
    "dead_at": "2026-11-20T13:02:26.123456Z",
    "story": [{"version": 1, "type": "payment.created", "status": "pending", "attempt": 0, "answer_code": null,
               "occurred_at": "2026-11-20T13:02:11.000000Z"}],
}))]
pub(super) struct DeadLetterBody {
    /// Which dead letter.
    id: Uuid,
    /// Which payment was given up, or a refund of it.
    payment_id: Uuid,
    /// Which refund, if it is one.
    refund_id: Option<Uuid>,
    /// Through which provider it was to go.
    #[schema(value_type = schemas::ProviderNameText)]
    provider: String,
    /// Which way the payment was to go.
    #[schema(value_type = schemas::DirectionName)]
    direction: &'static str,
    /// How much.
    #[schema(value_type = schemas::TransferAmountMinor)]
    amount_minor: i64,
    /// In what.
    #[schema(value_type = schemas::CurrencyCode)]
    currency: String,
    /// How many attempts there were.
    #[schema(value_type = schemas::CountNumber)]
    attempts: u32,
    /// What the provider said last, in a word.
    answer_code: Option<String>,
    /// When it was accepted.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    accepted_at: Timestamp,
    /// When it was given up.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    dead_at: Timestamp,
    /// What had happened to the payment, and to the refund if it is one, oldest first; in the list only.
    #[schema(value_type = Vec<Object>)]
    story: serde_json::Value,
}

impl DeadLetterBody {
    fn of(dead: &DeadPayment, story: serde_json::Value) -> Self {
        Self {
            id: dead.id,
            payment_id: dead.key.payment_id.as_uuid(),
            refund_id: dead.key.refund_id.map(|id| id.as_uuid()),
            provider: dead.provider.as_str().to_owned(),
            direction: dead.direction.code(),
            amount_minor: dead.amount_minor,
            currency: dead.currency.clone(),
            attempts: dead.attempts,
            answer_code: dead.answer_code.clone(),
            accepted_at: dead.accepted_at,
            dead_at: dead.dead_at,
            story,
        }
    }
}

fn read_window(input: &mut Input<'_>) -> Option<Window> {
    input.window()
}

fn payments(api: &Api) -> &PaymentUseCases {
    &api.payments
}

/// List the payments and refunds that were given up
///
/// Those that failed after their last attempt, newest first, each with its whole story. A decline is an answer, and no dead
/// letter.
#[utoipa::path(
    tag = "payments",
    operation_id = "listDeadLetters",
    security(("api_key" = ["payments:write"])),
    responses((status = 200, description = "A piece of the list", body = ListOf<DeadLetterBody>))
)]
#[get("/dead-letters")]
pub(super) async fn list_dead_letters(
    caller: Caller<WritePayments>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let window = request.read(read_window)?;
    let queries = &payments(&api).dead_letters;
    let letters = queries.list(caller.organization_id(), window).await?;
    Ok(request.list(window, letters, |view: DeadPaymentView| {
        DeadLetterBody::of(&view.dead, view.story)
    }))
}

/// Try again what was given up
///
/// With all its attempts again, under the same key at the provider. What leaves an account is reserved anew.
#[utoipa::path(
    tag = "payments",
    operation_id = "retryDeadLetter",
    security(("api_key" = ["payments:write"])),
    responses(
        (status = 202, description = "What was given up, and goes on in the background", body = DeadLetterBody),
        Refusals,
    )
)]
#[post("/dead-letters/{id}/retry")]
pub(super) async fn retry_dead_letter(
    caller: Caller<WritePayments>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", std::convert::identity))?;
    let command = RetryDeadPayment {
        caller: caller.acting(),
        id,
    };
    let show = |dead: &DeadPayment| {
        let location = format!("/api/v1/payments/{}", dead.key.payment_id);
        let nothing = serde_json::Value::Array(Vec::new());
        Answer::accepted(&location, &DeadLetterBody::of(dead, nothing))
    };
    request
        .execute(&payments(&api).retry_dead, command, show)
        .await
}

crate::openapi::refusals!(
    Refusals: PROVIDER_UNKNOWN, INVOICE_NOT_PAYABLE, INVOICE_PAYMENT_UNKNOWN, PAYMENT_EXCEEDS_AMOUNT_DUE, INSUFFICIENT_FUNDS, ACCOUNT_FROZEN, ACCOUNT_CLOSED,
    AMOUNT_OUT_OF_RANGE, PAYMENT_NOT_REFUNDABLE, REFUND_EXCEEDS_PAYMENT
);

/// Forget what was given up
///
/// The payment or refund stays failed.
#[utoipa::path(
    tag = "payments",
    operation_id = "discardDeadLetter",
    security(("api_key" = ["payments:write"])),
    responses((status = 204, description = "It is forgotten"))
)]
#[delete("/dead-letters/{id}")]
pub(super) async fn discard_dead_letter(
    caller: Caller<WritePayments>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", std::convert::identity))?;
    let command = DiscardDeadPayment {
        caller: caller.acting(),
        id,
    };
    let show = |&(): &()| Answer::no_content();
    request
        .execute(&payments(&api).discard_dead, command, show)
        .await
}
