//! `POST /api/v1/holds/{id}/capture`

use actix_web::{post, web};
use api_shared::ledger::captured_amount;
use app::ledger::CaptureHold;
use domain::ids::HoldId;

use super::{
    hold_body::{HoldBody, shown},
    hold_fields::HoldCapture,
};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteTransfers},
    input::Request,
    problem::Problem,
};

/// Take what is held
///
/// Posts a transfer of the amount, and lets go of the rest. `transfer_id` names the transfer.
#[utoipa::path(
    tag = "ledger",
    operation_id = "captureHold",
    security(("api_key" = ["transfers:write"])),
    request_body = HoldCapture,
    responses((status = 200, description = "The hold as it is now", body = HoldBody), Refusals)
)]
#[post("/holds/{id}/capture")]
pub(super) async fn capture_hold(
    caller: Caller<WriteTransfers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, amount) = request.read(|input| {
        let id = input.id("id", HoldId::from_uuid);
        let amount = input.body_if_any(captured_amount);
        Some((id?, amount?))
    })?;
    let command = CaptureHold {
        caller: caller.acting(),
        id,
        amount,
    };
    request
        .execute_once_only(&api.ledger.holds.capture, command, shown)
        .await
}

crate::openapi::refusals!(
    Refusals: HOLD_ALREADY_RESOLVED, HOLD_EXPIRED, HOLD_OF_PAYMENT, AMOUNT_EXCEEDS_HOLD, ACCOUNT_NOT_FOUND, ACCOUNT_FROZEN, ACCOUNT_CLOSED,
    AMOUNT_OUT_OF_RANGE, IDEMPOTENCY_KEY_REQUIRED
);
