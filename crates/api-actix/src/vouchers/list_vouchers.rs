//! `GET /api/v1/vouchers`

use actix_web::{get, web};
use api_shared::vouchers::voucher_filter;

use super::voucher_body::VoucherBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadVouchers},
    input::Request,
    listing::ListOf,
    problem::Problem,
    schemas,
};

/// List the vouchers
///
/// Newest first.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "listVouchers",
    security(("api_key" = ["vouchers:read"])),
    params(
        ("campaign_id" = Option<uuid::Uuid>, Query, description = "Of this campaign"),
        ("status" = Option<schemas::VoucherStatusName>, Query, description = "That stand there"),
    ),
    responses((status = 200, description = "A piece of the list", body = ListOf<VoucherBody>))
)]
#[get("/vouchers")]
pub(super) async fn list_vouchers(
    caller: Caller<ReadVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (filter, window) = request.read(|input| input.query(|query| query.list(voucher_filter)))?;
    let queries = &api.vouchers.queries;
    let vouchers = queries.list(caller.organization_id(), &filter, window);
    Ok(request.list(window, vouchers.await?, |facts| VoucherBody::from(&facts)))
}
