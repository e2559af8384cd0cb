//! `GET /api/v1/invoices/{id}`

use actix_web::{get, web};
use domain::{ids::InvoiceId, version::Version};

use super::{invoice_body::InvoiceBody, kept_answers::kept_answer};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadInvoices},
    input::Request,
    problem::{Problem, catalogue::NOT_FOUND},
};

/// Get an invoice
#[utoipa::path(
    tag = "invoicing",
    operation_id = "getInvoice",
    security(("api_key" = ["invoices:read"])),
    responses((status = 200, description = "The invoice", body = InvoiceBody<'static>))
)]
#[get("/invoices/{id}")]
pub(super) async fn get_invoice(
    caller: Caller<ReadInvoices>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", InvoiceId::from_uuid))?;
    let found = api
        .invoicing
        .queries
        .find(caller.organization_id(), id)
        .await?;
    let unknown = || Problem::of(&NOT_FOUND).because(format!("there is no invoice {id}"));
    let view = found.ok_or_else(unknown)?;
    let (version, today) = (
        Version::new(view.entry.version),
        api.invoicing.clock.today(),
    );
    let write = || {
        let answer = Answer::single(version, &InvoiceBody::of(&view, today));
        if view.entry.is_overdue_since_its_change(today) {
            answer.always_whole()
        } else {
            answer
        }
    };
    Ok(kept_answer(&view, today, write))
}
