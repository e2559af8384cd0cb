//! `DELETE /api/v1/voucher-blocklist`

use actix_web::{delete, web};
use api_shared::input::parse_id;
use app::vouchers::UnblockCustomer;
use domain::{ids::CustomerId, values::EmailAddress, vouchers::Holder};

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteVouchers},
    input::{Input, Request},
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
    let holder = request.read(holder)?;
    let command = UnblockCustomer {
        caller: caller.acting(),
        holder,
    };
    let show = |&(): &()| Answer::no_content();
    request.execute(&api.vouchers.unblock, command, show).await
}

fn holder(input: &mut Input<'_>) -> Option<Holder> {
    let customer_id = input.parameter("customer_id", parse_id(CustomerId::from_uuid));
    let email = input.parameter("email", EmailAddress::parse);
    let (customer_id, email) = (customer_id?, email?);
    if customer_id.is_none() && email.is_none() {
        input.refuse_parameter("customer_id", "required", "must be given, or email");
        return None;
    }
    Some(Holder { customer_id, email })
}

crate::openapi::refusals!(Refusals: NOT_FOUND);
