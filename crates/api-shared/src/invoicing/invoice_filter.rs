//! Which invoices a list is to have.

use app::ports::InvoiceFilter;
use domain::{
    ids::CustomerId,
    invoicing::{InvoiceNumber, InvoiceStatus},
    values::{AmountOutOfRange, Currency, InvalidValue, amount_in_range},
};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use crate::input::{Query, parse_id, readers::parse_date, search_text, whole};

/// Reads which invoices a list is to have; `today` is what counts as overdue.
pub fn invoice_filter(query: &mut Query<'_>, today: Date) -> Option<InvoiceFilter> {
    let statuses = query.parameters("status", InvoiceStatus::parse);
    let client_contains = query.parameter("client", search_text);
    let customer_id = query.parameter("customer_id", parse_id(CustomerId::from_uuid));
    let number = query.parameter("number", InvoiceNumber::parse);
    let created_from = query.parameter("from_date", start_of);
    let created_before = query.parameter("to_date", end_of);
    let due_from = query.parameter("due_from", parse_date);
    let due_to = query.parameter("due_to", parse_date);
    let overdue_on = query.parameter("overdue", |raw| only_true(raw).map(|()| today));
    let currency = query.parameter("currency", Currency::parse);
    let total_minor_min = query.parameter("min_total_minor", whole(amount));
    let total_minor_max = query.parameter("max_total_minor", whole(amount));
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
pub(crate) fn start_of(raw: &str) -> Result<Timestamp, InvalidValue> {
    let date = parse_date(raw)?;
    let midnight = date
        .to_zoned(TimeZone::UTC)
        .map(|midnight| midnight.timestamp());
    midnight.map_err(|_beyond_time| BEYOND_TIME)
}

/// The first instant after a day in UTC.
pub(crate) fn end_of(raw: &str) -> Result<Timestamp, InvalidValue> {
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
