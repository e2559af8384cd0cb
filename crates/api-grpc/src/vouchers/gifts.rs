//! The rpc that redeems gifts.

use api_shared::vouchers::{destination, redeemer};
use app::vouchers::{RedeemGift, RedeemedGift};

use super::{guessing::guarded, shown::redemption};
use crate::{
    call::{Call, Denied, Reply},
    proto::v1::{RedeemVoucherRequest, RedeemVoucherResponse},
};

pub(super) async fn redeem_voucher(
    call: Call<RedeemVoucherRequest>,
) -> Result<Reply<RedeemVoucherResponse>, Denied> {
    let (code, (by, to)) = call.read(|input| {
        let code = input.code(&call.message.code);
        let gift = input.body(|fields| {
            let by = redeemer(fields);
            let to = destination(fields);
            Some((by?, to?))
        });
        Some((code?, gift?))
    })?;
    call.needs_key()?;
    let owner = call.organization_id();
    guarded(&call, &code, async {
        let command = RedeemGift {
            caller: call.acting(),
            code: code.clone(),
            account_id: to.account(&call.api.wallets, owner).await?,
            holder: call.api.vouchers.holder(owner, &by).await?,
        };
        let show = |gift: &RedeemedGift| RedeemVoucherResponse {
            redemption: Some(redemption(&gift.redemption)),
        };
        call.redeem(command, show).await
    })
    .await
}
