//! `GET /api/v1/transfers/{id}`

use actix_web::{get, web};
use domain::{ids::TransferId, version::Version};

use super::transfer_body::TransferBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadTransfers},
    input::Request,
    problem::Problem,
};

/// Get a transfer
#[utoipa::path(
    tag = "ledger",
    operation_id = "getTransfer",
    security(("api_key" = ["transfers:read"])),
    responses((status = 200, description = "The transfer", body = TransferBody))
)]
#[get("/transfers/{id}")]
pub(super) async fn get_transfer(
    caller: Caller<ReadTransfers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", TransferId::from_uuid))?;
    let transfer = api.ledger.transfer(caller.organization_id(), id).await?;
    Ok(Answer::single(
        Version::FIRST,
        &TransferBody::from(&transfer),
    ))
}
