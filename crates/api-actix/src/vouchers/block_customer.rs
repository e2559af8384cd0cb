//! `POST /api/v1/voucher-blocklist`

use actix_web::{post, web};
use api_shared::vouchers::Redeemer;
use app::vouchers::BlockCustomer;
use domain::vouchers::Holder;

use super::voucher_fields::BlockedCustomer;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteVouchers},
    input::{Fields, Request},
    problem::Problem,
};

/// Block a customer
///
/// It redeems no vouchers any more. What was redeemed stays.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "blockVoucherCustomer",
    security(("api_key" = ["vouchers:write"])),
    request_body = BlockedCustomer,
    responses((status = 204, description = "The customer is blocked"))
)]
#[post("/voucher-blocklist")]
pub(super) async fn block_customer(
    caller: Caller<WriteVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let holder = request.read(|input| input.body(blocked))?;
    let command = BlockCustomer {
        caller: caller.acting(),
        holder,
    };
    let show = |&(): &()| Answer::no_content();
    request.execute(&api.vouchers.block, command, show).await
}

/// Reads a customer, an address, or both.
pub(super) fn blocked(fields: &mut Fields<'_>) -> Option<Holder> {
    let Redeemer { customer_id, email } = api_shared::vouchers::redeemer(fields)?;
    if customer_id.is_none() && email.is_none() {
        return fields.refuse("customer_id", "required", "must be given, or email");
    }
    Some(Holder { customer_id, email })
}
