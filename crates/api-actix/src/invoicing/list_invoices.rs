//! `GET /api/v1/invoices`

use actix_web::{get, web};
use app::ports::InvoiceFilter;
use domain::{
    ids::CustomerId,
    invoicing::{InvoiceNumber, InvoiceStatus},
    values::{AmountOutOfRange, Currency, InvalidValue, amount_in_range},
};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use super::invoice_entry::{InvoiceEntryBody, InvoiceStatusName};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadInvoices},
    input::{Input, Request, parse_id, readers::parse_date, search_text, whole},
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
        let filter = read_filter(input, today);
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

fn read_filter(input: &mut Input<'_>, today: Date) -> Option<InvoiceFilter> {
    let statuses = input.parameters("status", InvoiceStatus::parse);
    let client_contains = input.parameter("client", search_text);
    let customer_id = input.parameter("customer_id", parse_id(CustomerId::from_uuid));
    let number = input.parameter("number", InvoiceNumber::parse);
    let created_from = input.parameter("from_date", start_of);
    let created_before = input.parameter("to_date", end_of);
    let due_from = input.parameter("due_from", parse_date);
    let due_to = input.parameter("due_to", parse_date);
    let overdue_on = input.parameter("overdue", |raw| only_true(raw).map(|()| today));
    let currency = input.parameter("currency", Currency::parse);
    let total_minor_min = input.parameter("min_total_minor", whole(amount));
    let total_minor_max = input.parameter("max_total_minor", whole(amount));
    Some(InvoiceFilter {
        statuses: statuses?,
        client_contains: client_contains?,
        customer_id: customer_id?,
        number: number?,
        created_from: created_from?,
        created_before: created_before?,
        due_from: due_from?,
        due_to: due_to?,
        overdue_on: overdue_on?,
        currency: currency?,
        total_minor_min: total_minor_min?,
        total_minor_max: total_minor_max?,
    })
}

/// The first instant of a day in UTC.
fn start_of(raw: &str) -> Result<Timestamp, InvalidValue> {
    let date = parse_date(raw)?;
    let midnight = date
        .to_zoned(TimeZone::UTC)
        .map(|midnight| midnight.timestamp());
    midnight.map_err(|_beyond_time| BEYOND_TIME)
}

/// The first instant after a day in UTC.
fn end_of(raw: &str) -> Result<Timestamp, InvalidValue> {
    let date = parse_date(raw)?;
    let next = date
        .checked_add(1.day())
        .and_then(|next| next.to_zoned(TimeZone::UTC));
    Ok(next.map_or(Timestamp::MAX, |midnight| midnight.timestamp()))
}

const BEYOND_TIME: InvalidValue = InvalidValue::OutOfRange {
    rule: "a date that the service can count with",
};

fn only_true(raw: &str) -> Result<(), InvalidValue> {
    match raw {
        "true" => Ok(()),
        _ => Err(InvalidValue::Unsupported { expected: "true" }),
    }
}

fn amount(minor: i64) -> Result<i64, InvalidValue> {
    amount_in_range(minor.into()).map_err(|AmountOutOfRange| InvalidValue::OutOfRange {
        rule: "from -9007199254740991 to 9007199254740991",
    })
}
