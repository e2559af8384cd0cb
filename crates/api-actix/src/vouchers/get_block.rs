//! `GET /api/v1/voucher-blocklist/{id}`

use actix_web::{get, web};
use domain::ids::VoucherBlockId;

use super::block_body::BlockBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadVouchers},
    input::Request,
    problem::{Problem, catalogue::NOT_FOUND},
};

/// Get a block
#[utoipa::path(
    tag = "vouchers",
    operation_id = "getVoucherBlock",
    security(("api_key" = ["vouchers:read"])),
    responses((status = 200, description = "The block", body = BlockBody))
)]
#[get("/voucher-blocklist/{id}")]
pub(super) async fn get_block(
    caller: Caller<ReadVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", VoucherBlockId::from_uuid))?;
    let blocks = &api.vouchers.blocks;
    let found = blocks.find_block(caller.organization_id(), id).await?;
    let unknown = || Problem::of(&NOT_FOUND).because(format!("there is no block {id}"));
    let facts = found.ok_or_else(unknown)?;
    Ok(Answer::single(facts.version, &BlockBody::from(&facts)))
}
