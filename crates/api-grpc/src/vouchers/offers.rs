//! The rpcs that tell what a voucher would give.

use api_shared::{
    input::readers::text,
    vouchers::{Trial, applicable_vouchers, trial},
};
use domain::vouchers::VoucherCode;

use super::{guessing::guarded, shown::offer};
use crate::{
    call::{Call, Denied, Reply},
    document::Asks,
    proto::v1::{
        ListApplicableVouchersRequest, ListApplicableVouchersResponse, ScanVoucherRequest,
        ScanVoucherResponse, ValidateVoucherRequest, ValidateVoucherResponse, VoucherOffer,
    },
};

pub(super) async fn validate_voucher(
    call: Call<ValidateVoucherRequest>,
) -> Result<Reply<ValidateVoucherResponse>, Denied> {
    let (code, trial) = call.read(|input| {
        let code = input.code(&call.message.code);
        let trial = input.body(trial);
        Some((code?, trial?))
    })?;
    let offer = offered(&call, &code, &trial).await?.message;
    Ok(Reply::fresh(ValidateVoucherResponse { offer: Some(offer) }))
}

pub(super) async fn scan_voucher(
    call: Call<ScanVoucherRequest>,
) -> Result<Reply<ScanVoucherResponse>, Denied> {
    let (code, trial) = call.read(|input| {
        input.body(|fields| {
            let code = fields.required("text", text(VoucherCode::parse));
            let trial = trial(fields);
            Some((code?, trial?))
        })
    })?;
    let offer = offered(&call, &code, &trial).await?.message;
    Ok(Reply::fresh(ScanVoucherResponse { offer: Some(offer) }))
}

pub(super) async fn list_applicable_vouchers(
    call: Call<ListApplicableVouchersRequest>,
) -> Result<Reply<ListApplicableVouchersResponse>, Denied> {
    let (trial, limit) = call.read(|input| input.query(applicable_vouchers))?;
    let owner = call.organization_id();
    let found = call.api.vouchers.applicable(owner, &trial, limit).await?;
    let offers = found.iter().map(offer).collect();
    Ok(Reply::fresh(ListApplicableVouchersResponse { offers }))
}

async fn offered<M: Asks>(
    call: &Call<M>,
    code: &VoucherCode,
    trial: &Trial,
) -> Result<Reply<VoucherOffer>, Denied> {
    guarded(call, code, async {
        let owner = call.organization_id();
        let valid = call.api.vouchers.validate(owner, code, trial).await?;
        Ok(Reply::fresh(offer(&valid)))
    })
    .await
}
