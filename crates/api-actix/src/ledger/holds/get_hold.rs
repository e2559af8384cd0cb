//! `GET /api/v1/holds/{id}`

use actix_web::{get, web};
use domain::ids::HoldId;

use super::hold_body::{HoldBody, shown};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadTransfers},
    input::Request,
    problem::Problem,
};

/// Get a hold
#[utoipa::path(
    tag = "ledger",
    operation_id = "getHold",
    security(("api_key" = ["transfers:read"])),
    responses((status = 200, description = "The hold", body = HoldBody))
)]
#[get("/holds/{id}")]
pub(super) async fn get_hold(
    caller: Caller<ReadTransfers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", HoldId::from_uuid))?;
    let hold = api.ledger.hold(caller.organization_id(), id).await?;
    Ok(shown(&hold))
}
