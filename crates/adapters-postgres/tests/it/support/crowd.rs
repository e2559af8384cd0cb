//! Some hundred invoices that differ in everything that lists filter by.

use app::{
    invoicing::InvoiceEntry,
    ports::InvoiceFilter,
    testing::{ORGANIZATION, draft_contents, party},
};
use domain::{
    ids::CustomerId,
    invoicing::{DueDate, Invoice, InvoiceStatus, LineItems},
};
use jiff::{Timestamp, ToSpan, civil::Date, civil::date, tz::TimeZone};
use uuid::Uuid;

use super::{Dice, at, currency, invoice_id, line, number, steps};

/// Names that are hard to search for.
const NAMES: [&str; 10] = [
    "Ärger GmbH",
    "ärger & söhne",
    "ÄRGER",
    "50% off_ltd",
    "50 percent",
    "back\\slash",
    "ΟΔΥΣΣΕΥΣ ΑΕ",
    "Οδυσσεύς",
    "Ada",
    "adalbert 李雷 🧾",
];
/// Texts to look for in them, of any length.
pub(crate) const SEARCHES: [&str; 21] = [
    "ärger", "ÄRGER", "%", "_", "50%", "f_l", "\\", "k\\s", "οδυσ", "ΣΕΥΣ", "ADA", "da", "A", "Ä",
    "ς", " &", "李雷", "🧾", "xy", "'", "nobody",
];
const CURRENCIES: [&str; 3] = ["USD", "EUR", "JPY"];
const PATHS: [&[InvoiceStatus]; 7] = [
    &[],
    &[InvoiceStatus::Sent],
    &[InvoiceStatus::Sent, InvoiceStatus::Viewed],
    &[InvoiceStatus::Sent, InvoiceStatus::Overdue],
    &[InvoiceStatus::Sent, InvoiceStatus::Paid],
    &[InvoiceStatus::Sent, InvoiceStatus::Cancelled],
    &[InvoiceStatus::Cancelled],
];

/// The day of the lists.
const TODAY: Date = date(2026, 11, 20);

fn customer_id(dice: &mut Dice) -> CustomerId {
    CustomerId::from_uuid(Uuid::from_u128(u128::from(500 + dice.below(3))))
}

fn due_date(dice: &mut Dice) -> Date {
    let days = i64::try_from(dice.below(60)).unwrap();
    date(2026, 11, 1).saturating_add(days.days())
}

/// No invoice is due before it is made; many are within days.
fn due_date_of(made: Timestamp, dice: &mut Dice) -> Date {
    let days = i64::try_from(dice.below(60) * dice.below(3) / 2).unwrap();
    let made = made.to_zoned(TimeZone::UTC).date();
    made.saturating_add(days.days())
}

/// Few instants, so that many invoices share one.
fn instant(dice: &mut Dice) -> Timestamp {
    let hours = i64::try_from(dice.below(100)).unwrap();
    at("2026-11-15T21:30:00Z") + hours.hours()
}

fn total(dice: &mut Dice) -> i64 {
    i64::try_from(1 + dice.below(40)).unwrap() * 100
}

/// One of the crowd.
pub(crate) fn anybody(raw: u128, dice: &mut Dice) -> Invoice {
    let mut contents = draft_contents();
    let path = dice.pick(&PATHS);
    if path.len() > 1 || path == [InvoiceStatus::Sent] || dice.one_in(2) {
        contents.number = Some(number(&format!("C-{raw}")));
    }
    contents.customer = party(dice.pick(&NAMES));
    contents.customer_id = dice.one_in(2).then(|| customer_id(dice));
    contents.currency = currency(dice.pick(&CURRENCIES));
    let made = instant(dice);
    contents.due_date = DueDate::restore(due_date_of(made, dice));
    contents.items = LineItems::new(vec![line("work", "1", total(dice), 0)]).unwrap();
    let drafted = Invoice::draft(invoice_id(raw), ORGANIZATION, contents, made);
    let mut invoice = drafted.unwrap();
    steps(&mut invoice, path);
    invoice
}

/// A filter with a single condition, or none.
pub(crate) fn filter_by(condition: u64, dice: &mut Dice) -> InvoiceFilter {
    let mut filter = InvoiceFilter::default();
    match condition {
        0 => filter.statuses = vec![dice.pick(&InvoiceStatus::ALL)],
        1 => filter.client_contains = Some(dice.pick(&SEARCHES).to_owned()),
        2 => filter.customer_id = Some(customer_id(dice)),
        3 => filter.number = Some(number(&format!("C-{}", 1_000 + dice.below(300)))),
        4 => filter.created_from = Some(instant(dice)),
        5 => filter.created_before = Some(instant(dice)),
        6 => filter.due_from = Some(due_date(dice)),
        7 => filter.due_to = Some(due_date(dice)),
        8 => filter.overdue_on = Some(TODAY),
        9 => filter.currency = Some(currency(dice.pick(&CURRENCIES))),
        10 => filter.total_minor_min = Some(total(dice)),
        11 => filter.total_minor_max = Some(total(dice)),
        12 => filter.statuses = [(); 2].map(|()| dice.pick(&InvoiceStatus::ALL)).to_vec(),
        _ => {}
    }
    filter
}

/// A filter with the conditions of both.
pub(crate) fn both(one: InvoiceFilter, two: InvoiceFilter) -> InvoiceFilter {
    let statuses = if one.statuses.is_empty() {
        two.statuses
    } else {
        one.statuses
    };
    InvoiceFilter {
        statuses,
        client_contains: one.client_contains.or(two.client_contains),
        customer_id: one.customer_id.or(two.customer_id),
        number: one.number.or(two.number),
        created_from: one.created_from.or(two.created_from),
        created_before: one.created_before.or(two.created_before),
        due_from: one.due_from.or(two.due_from),
        due_to: one.due_to.or(two.due_to),
        overdue_on: one.overdue_on.or(two.overdue_on),
        currency: one.currency.or(two.currency),
        total_minor_min: one.total_minor_min.or(two.total_minor_min),
        total_minor_max: one.total_minor_max.or(two.total_minor_max),
    }
}

/// Letters of the same sound, whatever their case and place in the word.
fn sound(text: &str) -> String {
    text.to_lowercase().replace('ς', "σ")
}

/// Whether a filter lets an invoice through.
pub(crate) fn lets_through(filter: &InvoiceFilter, entry: &InvoiceEntry) -> bool {
    let InvoiceFilter {
        statuses,
        client_contains,
        customer_id,
        number,
        created_from,
        created_before,
        due_from,
        due_to,
        overdue_on,
        currency,
        total_minor_min,
        total_minor_max,
    } = filter;
    let client = sound(&entry.customer.name);
    (statuses.is_empty() || statuses.contains(&entry.status))
        && client_contains
            .as_deref()
            .is_none_or(|part| client.contains(&sound(part)))
        && customer_id.is_none_or(|id| entry.customer_id == Some(id.as_uuid()))
        && number
            .as_ref()
            .is_none_or(|number| entry.number.as_deref() == Some(number.as_str()))
        && created_from.is_none_or(|from| entry.created_at >= from)
        && created_before.is_none_or(|before| entry.created_at < before)
        && due_from.is_none_or(|from| entry.due_date >= from)
        && due_to.is_none_or(|to| entry.due_date <= to)
        && overdue_on.is_none_or(|today| entry.is_overdue(today))
        && currency.is_none_or(|currency| entry.currency == currency.code())
        && total_minor_min.is_none_or(|min| entry.total_minor >= min)
        && total_minor_max.is_none_or(|max| entry.total_minor <= max)
}
