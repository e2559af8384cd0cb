//! `POST /api/v1/invoices`

use actix_web::{post, web};
use api_shared::invoicing::{AsOf, new_invoice};
use app::invoicing::InvoiceView;
use domain::invoicing::InvoiceFacts;
use jiff::civil::Date;

use super::{invoice_body::InvoiceBody, invoice_schema::NewInvoice};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteInvoices},
    input::Request,
    problem::Problem,
};

/// Draft an invoice
///
/// The total is computed by the rules of EN 16931: tax per rate, not per line. The invoice keeps the customer as it is now.
#[utoipa::path(
    tag = "invoicing",
    operation_id = "createInvoice",
    security(("api_key" = ["invoices:write"])),
    request_body = NewInvoice,
    responses((status = 201, description = "The draft", body = InvoiceBody<'static>), Refusals)
)]
#[post("/invoices")]
pub(super) async fn create_invoice(
    caller: Caller<WriteInvoices>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let today = api.invoicing.clock.today();
    let read =
        |as_of| request.read(|input| input.body(|it| new_invoice(it, caller.acting(), as_of)));
    let command = match read(AsOf::Today(today)) {
        Ok(command) => command,
        // Nothing but its due date is wrong, and that may still have been to come when the same was asked for first.
        Err(refused) if read(AsOf::TodayOrBefore(today)).is_ok() => {
            return request.answered_before(refused).await;
        }
        Err(refused) => return Err(refused),
    };
    let show = move |facts: &InvoiceFacts| created(facts, today);
    request.execute(&api.invoicing.create, command, show).await
}

fn created(facts: &InvoiceFacts, today: Date) -> Answer {
    let location = format!("/api/v1/invoices/{}", facts.id);
    let view = InvoiceView::from(facts);
    Answer::created(&location, facts.version, &InvoiceBody::of(&view, today))
}

crate::openapi::refusals!(
    Refusals: ALREADY_EXISTS, AMOUNT_OUT_OF_RANGE, CURRENCY_WITHDRAWN, CUSTOMER_NOT_FOUND, NOT_FOUND
);
