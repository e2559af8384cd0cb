//! `POST /api/v1/vouchers/scan`

use actix_web::{post, web};
use api_shared::vouchers::trial;
use domain::vouchers::VoucherCode;

use super::{guessing::guarded, validation_body::OfferBody, voucher_fields::ScannedVoucher};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadVouchers},
    input::{Request, readers::text},
    problem::Problem,
};

/// Tell what a scanned voucher would give
///
/// The same for what a scanner has read. Changes nothing.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "scanVoucher",
    security(("api_key" = ["vouchers:read"])),
    request_body = ScannedVoucher,
    responses((status = 200, description = "What it would give", body = OfferBody), Refusals)
)]
#[post("/vouchers/scan")]
pub(super) async fn scan_voucher(
    caller: Caller<ReadVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (code, trial) = request.read(|input| {
        input.body(|fields| {
            let code = fields.required("text", text(VoucherCode::parse));
            let trial = trial(fields);
            Some((code?, trial?))
        })
    })?;
    guarded(&api, &caller, &code, async {
        let owner = caller.organization_id();
        let valid = api.vouchers.validate(owner, &code, &trial).await?;
        Ok(Answer::ok(&OfferBody::from(&valid)))
    })
    .await
}

crate::openapi::refusals!(
    Refusals: VOUCHER_NOT_FOUND, CUSTOMER_NOT_FOUND, TOO_MANY_GUESSES, VOUCHER_DISABLED, CAMPAIGN_PAUSED, VOUCHER_NOT_YET_VALID, VOUCHER_EXPIRED,
    CUSTOMER_BLOCKED, CURRENCY_MISMATCH, MINIMUM_NOT_REACHED, VOUCHER_EXHAUSTED, VOUCHER_CUSTOMER_LIMIT,
    CAMPAIGN_BUDGET_EXHAUSTED
);
