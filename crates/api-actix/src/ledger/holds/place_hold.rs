//! `POST /api/v1/holds`

use actix_web::{post, web};
use api_shared::ledger::new_hold;
use domain::ledger::HoldFacts;

use super::{hold_body::HoldBody, hold_fields::NewHold};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteTransfers},
    input::Request,
    problem::Problem,
};

/// Reserve money
///
/// It counts in `held_minor` of the account and cannot be spent, until it is captured, voided, or expires.
#[utoipa::path(
    tag = "ledger",
    operation_id = "createHold",
    security(("api_key" = ["transfers:write"])),
    request_body = NewHold,
    responses((status = 201, description = "The hold", body = HoldBody), Refusals)
)]
#[post("/holds")]
pub(super) async fn place_hold(
    caller: Caller<WriteTransfers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let command = request.read(|input| input.body(|it| new_hold(it, caller.acting())))?;
    request
        .execute_once_only(&api.ledger.holds.place, command, placed)
        .await
}

fn placed(facts: &HoldFacts) -> Answer {
    let location = format!("/api/v1/holds/{}", facts.id);
    Answer::created(&location, facts.version, &HoldBody::from(facts))
}

crate::openapi::refusals!(
    Refusals: ACCOUNT_NOT_FOUND, SAME_ACCOUNT, CURRENCY_MISMATCH, INSUFFICIENT_FUNDS, ACCOUNT_FROZEN, ACCOUNT_CLOSED,
    IDEMPOTENCY_KEY_REQUIRED
);
