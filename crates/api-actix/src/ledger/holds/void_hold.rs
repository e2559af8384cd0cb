//! `POST /api/v1/holds/{id}/void`

use actix_web::{post, web};
use app::ledger::VoidHold;
use domain::ids::HoldId;

use super::hold_body::{HoldBody, shown};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteTransfers},
    input::Request,
    problem::Problem,
};

/// Let go of what is held
#[utoipa::path(
    tag = "ledger",
    operation_id = "voidHold",
    security(("api_key" = ["transfers:write"])),
    responses((status = 200, description = "The hold as it is now", body = HoldBody), Refusals)
)]
#[post("/holds/{id}/void")]
pub(super) async fn void_hold(
    caller: Caller<WriteTransfers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", HoldId::from_uuid))?;
    let command = VoidHold {
        caller: caller.acting(),
        id,
    };
    request
        .execute(&api.ledger.holds.void, command, shown)
        .await
}

crate::openapi::refusals!(Refusals: HOLD_ALREADY_RESOLVED, HOLD_EXPIRED, HOLD_OF_PAYMENT);
