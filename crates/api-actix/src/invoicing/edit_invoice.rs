//! `PATCH /api/v1/invoices/{id}`

use actix_web::{patch, web};
use app::invoicing::{EditInvoice, EditInvoiceError};
use domain::{ids::InvoiceId, invoicing::RewriteError};

use super::{
    invoice_body::{InvoiceBody, changed},
    invoice_fields::invoice_changes,
    invoice_schema::InvoiceChanges,
};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteInvoices},
    input::Request,
    problem::{
        Problem,
        catalogue::{
            ALREADY_EXISTS, AMOUNT_OUT_OF_RANGE, CUSTOMER_NOT_FOUND, INVOICE_NOT_EDITABLE,
            NOT_FOUND, VERSION_CONFLICT,
        },
    },
};

/// Change a draft
///
/// It is added up again. Issued invoices are frozen.
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
    let (id, precondition, changes) = request.read(|input| {
        let id = input.id("id", InvoiceId::from_uuid);
        let precondition = input.if_match();
        let changes = input.body(|fields| invoice_changes(fields, today));
        Some((id?, precondition?, changes?))
    })?;
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
    Refusals: ALREADY_EXISTS, AMOUNT_OUT_OF_RANGE, CUSTOMER_NOT_FOUND, INVOICE_NOT_EDITABLE
);

impl From<&EditInvoiceError> for Problem {
    fn from(error: &EditInvoiceError) -> Self {
        let kind = match error {
            EditInvoiceError::NotFound(_) => &NOT_FOUND,
            EditInvoiceError::CustomerNotFound(_) => &CUSTOMER_NOT_FOUND,
            EditInvoiceError::Conflict(_) => &VERSION_CONFLICT,
            EditInvoiceError::AlreadyExists => &ALREADY_EXISTS,
            EditInvoiceError::Refused(RewriteError::NotEditable(_)) => &INVOICE_NOT_EDITABLE,
            EditInvoiceError::Refused(RewriteError::AmountOutOfRange(_)) => &AMOUNT_OUT_OF_RANGE,
            EditInvoiceError::Storage(error) => return Self::from(error),
        };
        Self::of(kind).because(error)
    }
}
