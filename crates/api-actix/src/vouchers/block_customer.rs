//! `POST /api/v1/voucher-blocklist`

use actix_web::{post, web};
use api_shared::vouchers::blocked;
use app::vouchers::{self, BlockCustomer};

use super::{block_body::BlockBody, voucher_fields::BlockedCustomer};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteVouchers},
    input::Request,
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
    responses(
        (status = 201, description = "The block", body = BlockBody),
        (status = 200, description = "The block that was there already", body = BlockBody),
    )
)]
#[post("/voucher-blocklist")]
pub(super) async fn block_customer(
    caller: Caller<WriteVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (who, metadata) = request.read(|input| input.body(blocked))?;
    let command = BlockCustomer {
        caller: caller.acting(),
        who,
        metadata,
    };
    request.execute(&api.vouchers.block, command, shown).await
}

fn shown(blocked: &vouchers::BlockedCustomer) -> Answer {
    let facts = &blocked.block;
    let body = BlockBody::from(facts);
    if blocked.is_new {
        let location = format!("/api/v1/voucher-blocklist/{}", facts.id);
        Answer::created(&location, facts.version, &body)
    } else {
        Answer::single(facts.version, &body)
    }
}
