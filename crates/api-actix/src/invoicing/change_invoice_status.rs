//! `PATCH /api/v1/invoices/{id}/status`

use actix_web::{patch, web};
use api_shared::invoicing::new_status;
use app::invoicing::ChangeInvoiceStatus;
use domain::ids::InvoiceId;

use super::{
    invoice_body::{InvoiceBody, changed},
    invoice_schema::NewInvoiceStatus,
};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteInvoices},
    input::Request,
    problem::Problem,
};

/// Take an invoice a step further
///
/// `sent` issues it: it gets a number from the organization's series if it has none, and its contents are frozen. One that
/// its review has rejected is not issued; one whose review is pending is. One on which nothing is due, since vouchers take off
/// all of it, is `paid` as soon as it is issued. `paid` records that what is still due was paid outside of the system. The
/// steps: draft → sent, cancelled; sent → viewed, paid, overdue, cancelled; viewed → paid, overdue, cancelled; overdue → paid,
/// cancelled.
#[utoipa::path(
    tag = "invoicing",
    operation_id = "changeInvoiceStatus",
    security(("api_key" = ["invoices:write"])),
    request_body = NewInvoiceStatus,
    responses((status = 200, description = "The invoice as it is now", body = InvoiceBody<'static>), Refusals)
)]
#[patch("/invoices/{id}/status")]
pub(super) async fn change_invoice_status(
    caller: Caller<WriteInvoices>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let today = api.invoicing.clock.today();
    let (id, precondition, to) = request.read(|input| {
        let id = input.id("id", InvoiceId::from_uuid);
        let precondition = input.if_match();
        let to = input.body(new_status);
        Some((id?, precondition?, to?))
    })?;
    let command = ChangeInvoiceStatus {
        caller: caller.acting(),
        id,
        precondition,
        to,
    };
    let show = changed(today);
    request
        .execute(&api.invoicing.change_status, command, show)
        .await
}

crate::openapi::refusals!(
    Refusals: AMOUNT_OUT_OF_RANGE, INVOICE_HAS_PAYMENTS, REVIEW_REJECTED, STATUS_TRANSITION_FORBIDDEN,
);
