//! `POST /api/v1/vouchers/{code}/validate`

use actix_web::{post, web};
use api_shared::vouchers::trial;

use super::{
    guessing::{code_in_path, guarded},
    validation_body::OfferBody,
    voucher_fields::VoucherTrial,
};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadVouchers},
    input::Request,
    problem::Problem,
    schemas,
};

/// Tell what a voucher would give
///
/// Changes nothing. If it would give nothing, `errors` lists every reason.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "validateVoucher",
    security(("api_key" = ["vouchers:read"])),
    params(("code" = schemas::VoucherCodeText, Path, description = "The code, whatever the case of its letters")),
    request_body = VoucherTrial,
    responses((status = 200, description = "What it would give", body = OfferBody), Refusals)
)]
#[post("/vouchers/{code}/validate")]
pub(super) async fn validate_voucher(
    caller: Caller<ReadVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (code, trial) = request.read(|input| {
        let code = code_in_path(input);
        let trial = input.body(trial);
        Some((code?, trial?))
    })?;
    guarded(&api, &caller, &code, async {
        let owner = caller.organization_id();
        let valid = api.vouchers.validate(owner, &code, &trial).await?;
        Ok(Answer::ok(&OfferBody::from(&valid)))
    })
    .await
}

crate::openapi::refusals!(
    Refusals: CUSTOMER_NOT_FOUND, TOO_MANY_GUESSES, VOUCHER_DISABLED, CAMPAIGN_PAUSED, VOUCHER_NOT_YET_VALID, VOUCHER_EXPIRED,
    CUSTOMER_BLOCKED, CURRENCY_MISMATCH, MINIMUM_NOT_REACHED, VOUCHER_EXHAUSTED, VOUCHER_CUSTOMER_LIMIT,
    CAMPAIGN_BUDGET_EXHAUSTED
);
