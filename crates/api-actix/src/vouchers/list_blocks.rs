//! `GET /api/v1/voucher-blocklist`

use actix_web::{get, web};
use api_shared::vouchers::block_filter;

use super::block_body::BlockBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadVouchers},
    input::Request,
    listing::ListOf,
    problem::Problem,
    schemas,
};

/// List who is blocked
///
/// Newest first.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "listVoucherBlocks",
    security(("api_key" = ["vouchers:read"])),
    params(
        ("customer_id" = Option<uuid::Uuid>, Query, description = "Of this customer"),
        ("email" = Option<schemas::EmailAddress>, Query, description = "Of this address, whatever the case of its letters"),
    ),
    responses((status = 200, description = "A piece of the list", body = ListOf<BlockBody>))
)]
#[get("/voucher-blocklist")]
pub(super) async fn list_blocks(
    caller: Caller<ReadVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (filter, window) = request.read(|input| input.query(|query| query.list(block_filter)))?;
    let blocks = &api.vouchers.blocks;
    let listing = blocks.list_blocks(caller.organization_id(), &filter, window);
    Ok(request.list(window, listing.await?, |facts| BlockBody::from(&facts)))
}
