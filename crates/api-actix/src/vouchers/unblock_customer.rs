//! `DELETE /api/v1/voucher-blocklist`

use actix_web::{delete, web};
use api_shared::vouchers::unblocked;
use app::vouchers::UnblockCustomer;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteVouchers},
    input::Request,
    problem::Problem,
    schemas,
};

/// Unblock a customer
///
/// By id, by address, or by both.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "unblockVoucherCustomer",
    security(("api_key" = ["vouchers:write"])),
    params(
        ("customer_id" = Option<uuid::Uuid>, Query, description = "The customer"),
        ("email" = Option<schemas::EmailAddress>, Query, description = "The address, whatever the case of its letters"),
    ),
    responses((status = 204, description = "The customer can redeem vouchers again"), Refusals)
)]
#[delete("/voucher-blocklist")]
pub(super) async fn unblock_customer(
    caller: Caller<WriteVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let holder = request.read(|input| input.query(unblocked))?;
    let command = UnblockCustomer {
        caller: caller.acting(),
        holder,
    };
    let show = |&(): &()| Answer::no_content();
    request.execute(&api.vouchers.unblock, command, show).await
}

crate::openapi::refusals!(Refusals: NOT_FOUND);
