//! `POST /api/v1/vouchers`

use actix_web::{post, web};
use api_shared::vouchers::new_voucher;
use domain::vouchers::VoucherFacts;

use super::{voucher_body::VoucherBody, voucher_fields::NewVoucher};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteVouchers},
    input::Request,
    problem::Problem,
};

/// Issue a voucher
///
/// With a code of yours, or with one that nobody can guess.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "createVoucher",
    security(("api_key" = ["vouchers:write"])),
    request_body = NewVoucher,
    responses((status = 201, description = "The voucher", body = VoucherBody), Refusals)
)]
#[post("/vouchers")]
pub(super) async fn issue_voucher(
    caller: Caller<WriteVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let command = request.read(|input| input.body(|it| new_voucher(it, caller.acting())))?;
    request.execute(&api.vouchers.issue, command, issued).await
}

fn issued(facts: &VoucherFacts) -> Answer {
    let location = format!("/api/v1/vouchers/{}", facts.code);
    Answer::created(&location, facts.version, &VoucherBody::from(facts))
}

crate::openapi::refusals!(Refusals: CAMPAIGN_NOT_FOUND, CAMPAIGN_ENDED, ALREADY_EXISTS);
