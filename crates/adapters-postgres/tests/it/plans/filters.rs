//! Filters of invoices, each with what it must be found by.

use app::ports::InvoiceFilter;
use domain::{ids::CustomerId, invoicing::InvoiceStatus};
use jiff::civil::date;
use uuid::Uuid;

use crate::support::{at, currency, number};

fn only(condition: impl FnOnce(&mut InvoiceFilter)) -> InvoiceFilter {
    let mut filter = InvoiceFilter::default();
    condition(&mut filter);
    filter
}

/// A filter, and the indexes that it uses.
type Expected = (InvoiceFilter, &'static [&'static str]);

/// Frequent, rare, short, and not of the alphabet.
fn by_text() -> Vec<Expected> {
    let by_name: &[&str] = &["invoice_clients_grams", "invoices_client"];
    let by_text = |text: &str| only(|it| it.client_contains = Some(text.to_owned()));
    vec![
        (by_text("CLIENT"), &["invoices_newest_first"]),
        (by_text("NUMBER 9877"), by_name),
        (by_text("da"), by_name),
        (by_text("é"), by_name),
    ]
}

/// Filters, and the indexes that they use.
pub(super) fn invoice_filters() -> Vec<Expected> {
    let mut filters = by_text();
    filters.extend(by_value());
    filters.extend(by_two_values());
    filters
}

/// Each is found along one of its own.
fn by_two_values() -> Vec<Expected> {
    let yen = |it: &mut InvoiceFilter| it.currency = Some(currency("JPY"));
    let draft = |it: &mut InvoiceFilter| it.statuses = vec![InvoiceStatus::Draft];
    let ada = CustomerId::from_uuid(Uuid::from_u128(3));
    let with_yen = |condition: fn(&mut InvoiceFilter)| {
        only(|it| {
            yen(it);
            condition(it);
        })
    };
    vec![
        (
            with_yen(|it| it.statuses = vec![InvoiceStatus::Viewed]),
            &["invoices_currency"],
        ),
        (
            with_yen(|it| it.total_minor_min = Some(100_000)),
            &["invoices_currency"],
        ),
        (
            with_yen(|it| it.client_contains = Some("client".to_owned())),
            &["invoices_currency"],
        ),
        (
            only(|it| {
                draft(it);
                it.created_from = Some(at("2025-01-03T00:00:00Z"));
            }),
            &["invoices_status"],
        ),
        (
            only(|it| {
                it.customer_id = Some(ada);
                it.statuses = vec![InvoiceStatus::Viewed];
            }),
            &["invoices_customer"],
        ),
    ]
}

fn by_value() -> Vec<Expected> {
    let ada = CustomerId::from_uuid(Uuid::from_u128(3));
    let day = Some(date(2026, 1, 9));
    let by_status: &[&str] = &["invoices_status"];
    let by_age: &[&str] = &["invoices_newest_first"];
    let overdue: &[&str] = &["invoices_status", "invoices_unswept"];
    vec![
        (only(|_| {}), by_age),
        (
            only(|it| it.statuses = vec![InvoiceStatus::Draft]),
            by_status,
        ),
        (
            only(|it| it.statuses = InvoiceStatus::ALL[..5].to_vec()),
            by_status,
        ),
        (
            only(|it| it.customer_id = Some(ada)),
            &["invoices_customer"],
        ),
        (
            only(|it| it.number = Some(number("P-77"))),
            &["invoices_number"],
        ),
        (
            only(|it| it.created_before = Some(at("2025-01-01T01:00:00Z"))),
            by_age,
        ),
        (
            only(|it| it.created_from = Some(at("2025-01-14T00:00:00Z"))),
            by_age,
        ),
        (
            only(|it| (it.due_from, it.due_to) = (day, day)),
            &["invoices_due_date"],
        ),
        (
            only(|it| it.due_to = Some(date(2026, 1, 20))),
            &["invoices_due_date"],
        ),
        (
            only(|it| it.due_from = Some(date(2027, 2, 3))),
            &["invoices_due_date"],
        ),
        (only(|it| it.overdue_on = day), overdue),
        (only(|it| it.overdue_on = Some(date(2027, 6, 1))), by_status),
        (
            only(|it| it.currency = Some(currency("JPY"))),
            &["invoices_currency"],
        ),
        (
            only(|it| it.total_minor_min = Some(1_999_000)),
            &["invoices_total"],
        ),
        (
            only(|it| it.total_minor_max = Some(1_000)),
            &["invoices_total"],
        ),
    ]
}
