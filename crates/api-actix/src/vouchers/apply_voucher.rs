//! `POST /api/v1/invoices/{id}/vouchers`

use actix_web::{post, web};
use app::vouchers::ApplyVoucher;
use domain::{ids::InvoiceId, version::Precondition, vouchers::VoucherCode};

use super::{guessing::guarded, voucher_fields::AppliedVoucher};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteInvoices},
    input::{Request, readers::text},
    invoicing::{InvoiceBody, changed},
    problem::Problem,
};

/// Apply a voucher to a draft
///
/// What it takes off comes off the sum of the lines, before tax, and is spread over the tax rates (EN 16931). Later changes of
/// the draft change it along; one after which it would give nothing is refused.
#[utoipa::path(
    tag = "invoicing",
    operation_id = "applyVoucher",
    security(("api_key" = ["invoices:write"])),
    request_body = AppliedVoucher,
    responses((status = 200, description = "The draft as it is now", body = InvoiceBody<'static>), Refusals)
)]
#[post("/invoices/{id}/vouchers")]
pub(super) async fn apply_voucher(
    caller: Caller<WriteInvoices>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (invoice_id, code) = request.read(|input| {
        let id = input.id("id", InvoiceId::from_uuid);
        let code = input.body(|fields| fields.required("code", text(VoucherCode::parse)));
        Some((id?, code?))
    })?;
    let command = ApplyVoucher {
        caller: caller.acting(),
        invoice_id,
        precondition: Precondition::Any,
        code: code.clone(),
    };
    let show = changed(api.invoicing.clock.today());
    let applying = request.execute(&api.vouchers.apply, command, show);
    guarded(&api, &caller, &code, applying).await
}

crate::openapi::refusals!(
    Refusals: VOUCHER_NOT_FOUND, INVOICE_NOT_EDITABLE, AMOUNT_OUT_OF_RANGE, VOUCHER_OF_OTHER_KIND, ALREADY_APPLIED,
    TOO_MANY_GUESSES, VOUCHER_DISABLED, CAMPAIGN_PAUSED, VOUCHER_NOT_YET_VALID, VOUCHER_EXPIRED,
    CUSTOMER_BLOCKED, CURRENCY_MISMATCH, MINIMUM_NOT_REACHED, VOUCHER_EXHAUSTED, VOUCHER_CUSTOMER_LIMIT,
    CAMPAIGN_BUDGET_EXHAUSTED
);
