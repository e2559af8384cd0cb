//! `GET /api/v1/invoices`

use actix_web::{get, web};
use api_shared::invoicing::invoice_filter;

use super::invoice_entry::{InvoiceEntryBody, InvoiceStatusName};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadInvoices},
    input::Request,
    listing::ListOf,
    problem::Problem,
    schemas,
};

/// List the invoices
///
/// Without their lines, newest first. Filters that are given together must all hold.
#[utoipa::path(
    tag = "invoicing",
    operation_id = "listInvoices",
    security(("api_key" = ["invoices:read"])),
    params(
        ("status" = Option<Vec<InvoiceStatusName>>, Query, style = Form, explode, description = "In one of these statuses; may be given several times"),
        ("client" = Option<schemas::SearchText>, Query, description = "Whose customer's name contains this, whatever the case of its letters"),
        ("customer_id" = Option<uuid::Uuid>, Query, description = "Of this registered customer"),
        ("number" = Option<schemas::InvoiceNumberText>, Query, description = "With exactly this number"),
        ("from_date" = Option<schemas::CalendarDate>, Query, description = "Made on this day (UTC) or later"),
        ("to_date" = Option<schemas::CalendarDate>, Query, description = "Made on this day (UTC) or earlier"),
        ("due_from" = Option<schemas::CalendarDate>, Query, description = "Due on this day or later"),
        ("due_to" = Option<schemas::CalendarDate>, Query, description = "Due on this day or earlier"),
        ("overdue" = Option<schemas::OnlyTrue>, Query, description = "Overdue today (UTC)"),
        ("currency" = Option<schemas::CurrencyCode>, Query, description = "In this currency"),
        ("min_total_minor" = Option<schemas::AmountMinor>, Query, description = "Over at least this total"),
        ("max_total_minor" = Option<schemas::AmountMinor>, Query, description = "Over at most this total"),
    ),
    responses((status = 200, description = "A piece of the list", body = ListOf<InvoiceEntryBody<'static>>))
)]
#[get("/invoices")]
pub(super) async fn list_invoices(
    caller: Caller<ReadInvoices>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let today = api.invoicing.clock.today();
    let (filter, window) = request.read(|input| {
        let filter = input.query(|query| invoice_filter(query, today));
        let window = input.window();
        Some((filter?, window?))
    })?;
    let listing = api
        .invoicing
        .queries
        .list(caller.organization_id(), &filter, window)
        .await?;
    Ok(request.list(window, listing.as_ref(), |entry| {
        InvoiceEntryBody::of(entry, today)
    }))
}
