//! The rpcs of vouchers.

use api_shared::{
    problem::{Refusal, catalogue::NOT_FOUND},
    vouchers::{new_voucher, voucher_filter, voucher_revision},
};
use app::vouchers::ReviseVoucher;
use domain::vouchers::VoucherFacts;

use super::{guessing::guarded, shown::voucher};
use crate::{
    call::{Call, Denied, Reply},
    input::expecting,
    proto::v1::{
        CreateVoucherRequest, CreateVoucherResponse, GetVoucherRequest, GetVoucherResponse,
        ListVouchersRequest, ListVouchersResponse, UpdateVoucherRequest, UpdateVoucherResponse,
    },
};

pub(super) async fn create_voucher(
    call: Call<CreateVoucherRequest>,
) -> Result<Reply<CreateVoucherResponse>, Denied> {
    let command = call.read(|input| input.body(|it| new_voucher(it, call.acting())))?;
    let show = |facts: &VoucherFacts| CreateVoucherResponse {
        voucher: Some(voucher(facts)),
    };
    call.execute(&call.api.vouchers.issue, command, show).await
}

pub(super) async fn get_voucher(
    call: Call<GetVoucherRequest>,
) -> Result<Reply<GetVoucherResponse>, Denied> {
    let code = call.read(|input| input.code(&call.message.code))?;
    guarded(&call, &code, async {
        let queries = &call.api.vouchers.queries;
        let found = queries.find(call.organization_id(), &code).await?;
        let unknown = || Refusal::of(&NOT_FOUND).because(format!("there is no voucher {code}"));
        Ok(Reply::fresh(GetVoucherResponse {
            voucher: Some(voucher(&found.ok_or_else(unknown)?)),
        }))
    })
    .await
}

pub(super) async fn list_vouchers(
    call: Call<ListVouchersRequest>,
) -> Result<Reply<ListVouchersResponse>, Denied> {
    let (filter, window) = call.read(|input| input.query(|query| query.list(voucher_filter)))?;
    let queries = &call.api.vouchers.queries;
    let listing = queries
        .list(call.organization_id(), &filter, window)
        .await?;
    Ok(Reply::fresh(ListVouchersResponse {
        vouchers: listing.rows.iter().map(voucher).collect(),
        next_cursor: call.next_cursor(listing.next),
    }))
}

pub(super) async fn update_voucher(
    call: Call<UpdateVoucherRequest>,
) -> Result<Reply<UpdateVoucherResponse>, Denied> {
    let (code, revision) = call.read(|input| {
        let code = input.code(&call.message.code);
        let revision = input.body(voucher_revision);
        Some((code?, revision?))
    })?;
    let command = ReviseVoucher {
        caller: call.acting(),
        code: code.clone(),
        precondition: expecting(call.message.expected_version),
        revision,
    };
    let show = |facts: &VoucherFacts| UpdateVoucherResponse {
        voucher: Some(voucher(facts)),
    };
    let revising = call.execute(&call.api.vouchers.revise, command, show);
    guarded(&call, &code, revising).await
}
