//! `DELETE /api/v1/invoices/{id}/vouchers/{code}`

use actix_web::{delete, web};
use app::vouchers::TakeOffVoucher;
use domain::ids::InvoiceId;

use super::guessing::{code_in_path, guarded};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteInvoices},
    input::Request,
    invoicing::{InvoiceBody, changed},
    problem::Problem,
    schemas,
};

/// Take a voucher off a draft
///
/// It can be redeemed again. Other vouchers on the draft that had found too little to take off take what becomes free.
#[utoipa::path(
    tag = "invoicing",
    operation_id = "takeOffVoucher",
    security(("api_key" = ["invoices:write"])),
    params(("code" = schemas::VoucherCodeText, Path, description = "The code, whatever the case of its letters")),
    responses((status = 200, description = "The draft as it is now", body = InvoiceBody<'static>), Refusals)
)]
#[delete("/invoices/{id}/vouchers/{code}")]
pub(super) async fn take_off_voucher(
    caller: Caller<WriteInvoices>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (invoice_id, code, precondition) = request.read(|input| {
        let id = input.id("id", InvoiceId::from_uuid);
        let code = code_in_path(input);
        let precondition = input.if_match();
        Some((id?, code?, precondition?))
    })?;
    let command = TakeOffVoucher {
        caller: caller.acting(),
        invoice_id,
        precondition,
        code: code.clone(),
    };
    let show = changed(api.invoicing.clock.today());
    let taking_off = request.execute(&api.vouchers.take_off, command, show);
    guarded(&api, &caller, &code, taking_off).await
}

crate::openapi::refusals!(Refusals: INVOICE_NOT_EDITABLE, AMOUNT_OUT_OF_RANGE, TOO_MANY_GUESSES);
