//! `POST /api/v1/vouchers/{code}/redeem`

use actix_web::{post, web};
use api_shared::vouchers::{destination, redeemer};
use app::vouchers::{RedeemGift, RedeemedGift};

use super::{
    guessing::{code_in_path, guarded},
    redemption_body::RedemptionBody,
    voucher_fields::GiftDestination,
};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteVouchers},
    input::Request,
    problem::Problem,
    schemas,
};

/// Redeem a gift
///
/// Its money goes from the system account `gift_vouchers` to an account, or to the wallet of a user.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "redeemVoucher",
    security(("api_key" = ["vouchers:write"])),
    params(("code" = schemas::VoucherCodeText, Path, description = "The code, whatever the case of its letters")),
    request_body = GiftDestination,
    responses((status = 201, description = "The redemption, whose money has moved", body = RedemptionBody), Refusals)
)]
#[post("/vouchers/{code}/redeem")]
pub(super) async fn redeem_gift(
    caller: Caller<WriteVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (code, (by, to)) = request.read(|input| {
        let code = code_in_path(input);
        let gift = input.body(|fields| {
            let by = redeemer(fields);
            let to = destination(fields);
            Some((by?, to?))
        });
        Some((code?, gift?))
    })?;
    request.needs_key()?;
    let owner = caller.organization_id();
    guarded(&api, &caller, &code, async {
        let command = RedeemGift {
            caller: caller.acting(),
            code: code.clone(),
            account_id: to.account(&api.wallets, owner).await?,
            holder: api.vouchers.holder(owner, &by).await?,
        };
        request.redeem(command, redeemed).await
    })
    .await
}

fn redeemed(gift: &RedeemedGift) -> Answer {
    let facts = &gift.redemption;
    let body = RedemptionBody::from(facts);
    let location = format!("/api/v1/transfers/{}", gift.transfer.order.id);
    Answer::created(&location, facts.version, &body)
}

crate::openapi::refusals!(
    Refusals: VOUCHER_OF_OTHER_KIND, CUSTOMER_NOT_FOUND, TOO_MANY_GUESSES, VOUCHER_DISABLED, CAMPAIGN_PAUSED, VOUCHER_NOT_YET_VALID, VOUCHER_EXPIRED,
    CUSTOMER_BLOCKED, CURRENCY_MISMATCH, MINIMUM_NOT_REACHED, VOUCHER_EXHAUSTED, VOUCHER_CUSTOMER_LIMIT,
    CAMPAIGN_BUDGET_EXHAUSTED,
    ACCOUNT_NOT_FOUND, ACCOUNT_FROZEN, ACCOUNT_CLOSED, AMOUNT_OUT_OF_RANGE, IDEMPOTENCY_KEY_REQUIRED
);
