//! The rpcs of vouchers on drafts.

use api_shared::input::readers::text;
use app::vouchers::{ApplyVoucher, TakeOffVoucher};
use domain::{
    ids::InvoiceId, invoicing::InvoiceFacts, version::Precondition, vouchers::VoucherCode,
};

use super::guessing::guarded;
use crate::{
    call::{Call, Denied, Reply},
    input::expecting,
    invoicing::changed,
    proto::v1::{
        ApplyVoucherRequest, ApplyVoucherResponse, TakeOffVoucherRequest, TakeOffVoucherResponse,
    },
};

pub(super) async fn apply_voucher(
    call: Call<ApplyVoucherRequest>,
) -> Result<Reply<ApplyVoucherResponse>, Denied> {
    let today = call.api.invoicing.clock.today();
    let (invoice_id, code) = call.read(|input| {
        let id = input.id("id", &call.message.invoice_id, InvoiceId::from_uuid);
        let code = input.body(|fields| fields.required("code", text(VoucherCode::parse)));
        Some((id?, code?))
    })?;
    let command = ApplyVoucher {
        caller: call.acting(),
        invoice_id,
        precondition: Precondition::Any,
        code: code.clone(),
    };
    let show = move |facts: &InvoiceFacts| ApplyVoucherResponse {
        invoice: Some(changed(facts, today)),
    };
    let applying = call.execute(&call.api.vouchers.apply, command, show);
    guarded(&call, &code, applying).await
}

pub(super) async fn take_off_voucher(
    call: Call<TakeOffVoucherRequest>,
) -> Result<Reply<TakeOffVoucherResponse>, Denied> {
    let today = call.api.invoicing.clock.today();
    let (invoice_id, code) = call.read(|input| {
        let id = input.id("id", &call.message.invoice_id, InvoiceId::from_uuid);
        let code = input.code(&call.message.code);
        Some((id?, code?))
    })?;
    let command = TakeOffVoucher {
        caller: call.acting(),
        invoice_id,
        precondition: expecting(call.message.expected_version),
        code: code.clone(),
    };
    let show = move |facts: &InvoiceFacts| TakeOffVoucherResponse {
        invoice: Some(changed(facts, today)),
    };
    let handler = &call.api.vouchers.take_off;
    let taking_off = call.execute_always(handler, command, show);
    guarded(&call, &code, taking_off).await
}
