//! `POST /api/v1/invoices`

use actix_web::{post, web};
use app::invoicing::{CreateInvoiceError, InvoiceView};
use domain::invoicing::InvoiceFacts;
use jiff::civil::Date;

use super::{invoice_body::InvoiceBody, invoice_fields::new_invoice, invoice_schema::NewInvoice};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteInvoices},
    input::Request,
    problem::{
        Problem,
        catalogue::{
            ALREADY_EXISTS, AMOUNT_OUT_OF_RANGE, CURRENCY_WITHDRAWN, CUSTOMER_NOT_FOUND, NOT_FOUND,
        },
    },
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
    let command = request.read(|input| input.body(|it| new_invoice(it, caller.acting(), today)))?;
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

impl From<&CreateInvoiceError> for Problem {
    fn from(error: &CreateInvoiceError) -> Self {
        match error {
            CreateInvoiceError::OrganizationNotFound(_) => Self::of(&NOT_FOUND).because(error),
            CreateInvoiceError::CustomerNotFound(_) => Self::of(&CUSTOMER_NOT_FOUND).because(error),
            CreateInvoiceError::AlreadyExists => Self::of(&ALREADY_EXISTS).because(error),
            CreateInvoiceError::CurrencyWithdrawn(_) => {
                Self::of(&CURRENCY_WITHDRAWN).because(error)
            }
            CreateInvoiceError::Refused(_) => Self::of(&AMOUNT_OUT_OF_RANGE).because(error),
            CreateInvoiceError::Storage(error) => Self::from(error),
        }
    }
}
