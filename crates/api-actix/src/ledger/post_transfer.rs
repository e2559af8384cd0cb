//! `POST /api/v1/transfers`

use actix_web::post;
use api_shared::ledger::new_transfer;
use app::ledger::Ask;

use super::{
    transfer_body::TransferBody,
    transfer_fields::{NewTransfer, Rejections, show_single},
};
use crate::{
    answer::Answer,
    caller::{Caller, WriteTransfers},
    input::Request,
    problem::Problem,
};

/// Post a transfer
///
/// It lowers the source and raises the destination. The answer tells what is on both right afterwards.
#[utoipa::path(
    tag = "ledger",
    operation_id = "createTransfer",
    security(("api_key" = ["transfers:write"])),
    request_body = NewTransfer,
    responses((status = 201, description = "The transfer", body = TransferBody), Rejections)
)]
#[post("/transfers")]
pub(super) async fn post_transfer(
    _caller: Caller<WriteTransfers>,
    request: Request,
) -> Result<Answer, Problem> {
    let transfer = request.read(|input| input.body(new_transfer))?;
    let ask = Ask::Together(vec![transfer]);
    request.post(ask, show_single).await
}
