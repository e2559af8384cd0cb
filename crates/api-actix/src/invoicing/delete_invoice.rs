//! `DELETE /api/v1/invoices/{id}`

use actix_web::{delete, web};
use app::invoicing::DeleteInvoice;
use domain::ids::InvoiceId;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteInvoices},
    input::Request,
    problem::Problem,
};

/// Delete a draft
///
/// An invoice that was issued is part of the books: cancel it instead.
#[utoipa::path(
    tag = "invoicing",
    operation_id = "deleteInvoice",
    security(("api_key" = ["invoices:write"])),
    responses((status = 204, description = "It is gone"), Refusals)
)]
#[delete("/invoices/{id}")]
pub(super) async fn delete_invoice(
    caller: Caller<WriteInvoices>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, precondition) = request.read(|input| {
        let id = input.id("id", InvoiceId::from_uuid);
        let precondition = input.if_match();
        Some((id?, precondition?))
    })?;
    let command = DeleteInvoice {
        caller: caller.acting(),
        id,
        precondition,
    };
    let show = |&(): &()| Answer::no_content();
    request.execute(&api.invoicing.delete, command, show).await
}

crate::openapi::refusals!(Refusals: INVOICE_NOT_DELETABLE);
