//! `PATCH /api/v1/invoices/{id}`

use actix_web::{patch, web};
use api_shared::invoicing::{AsOf, invoice_changes};
use app::invoicing::EditInvoice;
use domain::ids::InvoiceId;

use super::{
    invoice_body::{InvoiceBody, changed},
    invoice_schema::InvoiceChanges,
};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteInvoices},
    input::Request,
    problem::Problem,
};

/// Change a draft
///
/// It is added up again, and so is what its vouchers take off; take one off first that would give nothing any more. Issued invoices are frozen.
#[utoipa::path(
    tag = "invoicing",
    operation_id = "updateInvoice",
    security(("api_key" = ["invoices:write"])),
    request_body = InvoiceChanges,
    responses((status = 200, description = "The draft as it is now", body = InvoiceBody<'static>), Refusals)
)]
#[patch("/invoices/{id}")]
pub(super) async fn edit_invoice(
    caller: Caller<WriteInvoices>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let today = api.invoicing.clock.today();
    let read = |as_of| {
        request.read(|input| {
            let id = input.id("id", InvoiceId::from_uuid);
            let precondition = input.if_match();
            let changes = input.body(|fields| invoice_changes(fields, as_of));
            Some((id?, precondition?, changes?))
        })
    };
    let (id, precondition, changes) = match read(AsOf::Today(today)) {
        Ok(read) => read,
        // Nothing but its due date is wrong, and that may still have been to come when the same was asked for first.
        Err(refused) if read(AsOf::TodayOrBefore(today)).is_ok() => {
            return request.answered_before(refused).await;
        }
        Err(refused) => return Err(refused),
    };
    let command = EditInvoice {
        caller: caller.acting(),
        id,
        precondition,
        changes,
    };
    let show = changed(today);
    request.execute(&api.invoicing.edit, command, show).await
}

crate::openapi::refusals!(
    Refusals: ALREADY_EXISTS, AMOUNT_OUT_OF_RANGE, CUSTOMER_NOT_FOUND, INVOICE_NOT_EDITABLE, CUSTOMER_BLOCKED,
    CURRENCY_MISMATCH, MINIMUM_NOT_REACHED, VOUCHER_CUSTOMER_LIMIT, CAMPAIGN_BUDGET_EXHAUSTED
);
