//! `PATCH /api/v1/vouchers/{code}`

use actix_web::{patch, web};
use api_shared::vouchers::voucher_revision;
use app::vouchers::ReviseVoucher;

use super::{
    guessing::{code_in_path, guarded},
    voucher_body::{VoucherBody, shown},
    voucher_fields::ChangedVoucher,
};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteVouchers},
    input::Request,
    problem::Problem,
    schemas,
};

/// Change a voucher
///
/// Disable it, enable it, limit how often it can be redeemed, or note something about it.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "updateVoucher",
    security(("api_key" = ["vouchers:write"])),
    params(("code" = schemas::VoucherCodeText, Path, description = "The code, whatever the case of its letters")),
    request_body = ChangedVoucher,
    responses((status = 200, description = "The voucher as it is now", body = VoucherBody), Refusals)
)]
#[patch("/vouchers/{code}")]
pub(super) async fn revise_voucher(
    caller: Caller<WriteVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (code, precondition, revision) = request.read(|input| {
        let code = code_in_path(input);
        let precondition = input.if_match();
        let revision = input.body(voucher_revision);
        Some((code?, precondition?, revision?))
    })?;
    let command = ReviseVoucher {
        caller: caller.acting(),
        code: code.clone(),
        precondition,
        revision,
    };
    let revising = request.execute(&api.vouchers.revise, command, shown);
    guarded(&api, &caller, &code, revising).await
}

crate::openapi::refusals!(Refusals: TOO_MANY_GUESSES);
