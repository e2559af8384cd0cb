//! `DELETE /api/v1/voucher-blocklist/{id}`

use actix_web::{delete, web};
use app::vouchers::LiftBlock;
use domain::ids::VoucherBlockId;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteVouchers},
    input::Request,
    problem::Problem,
};

/// Lift a block
///
/// Whoever it is of redeems vouchers again.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "deleteVoucherBlock",
    security(("api_key" = ["vouchers:write"])),
    responses((status = 204, description = "It is lifted"))
)]
#[delete("/voucher-blocklist/{id}")]
pub(super) async fn lift_block(
    caller: Caller<WriteVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, precondition) = request.read(|input| {
        let id = input.id("id", VoucherBlockId::from_uuid);
        let precondition = input.if_match();
        Some((id?, precondition?))
    })?;
    let command = LiftBlock {
        caller: caller.acting(),
        id,
        precondition,
    };
    let show = |&(): &()| Answer::no_content();
    request.execute(&api.vouchers.lift, command, show).await
}
