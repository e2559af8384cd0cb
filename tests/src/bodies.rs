//! Valid bodies, to be changed by tests.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Value, json};

/// A customer with everything that it can have.
pub fn customer() -> Value {
    json!({
        "name": "Ada Lovelace Ltd",
        "email": "ada@example.com",
        "address": {
            "line1": "12 St James's Square",
            "line2": "Second floor",
            "city": "London",
            "postal_code": "SW1Y 4JH",
            "region": "Greater London",
            "country": "GB",
        },
        "tax_id": "GB123456789",
        "currency": "GBP",
        "external_id": null,
        "metadata": {"segment": "engines"},
    })
}

/// An invoice with everything that it can have, except a number: 10 × 15,000 at 16 %.
pub fn invoice() -> Value {
    json!({
        "customer": {"name": "Ada Lovelace Ltd", "email": "ada@example.com"},
        "currency": "USD",
        "items": [line(10, 15_000, 1_600)],
        "due_date": day(14),
        "notes": "Thank you.",
        "metadata": {"order": "4711"},
    })
}

/// A line of an invoice.
pub fn line(quantity: i64, unit_price_minor: i64, tax_rate_bps: i64) -> Value {
    json!({
        "description": "Consulting",
        "quantity": quantity,
        "unit_price_minor": unit_price_minor,
        "tax_rate_bps": tax_rate_bps,
        "unit": "HUR",
    })
}

/// A date by its distance from today (UTC), as the API writes it.
pub fn day(days_from_today: i64) -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "the service under test runs on the real clock"
    )]
    let now = Timestamp::now();
    let then = now + SignedDuration::from_hours(24 * days_from_today);
    then.to_zoned(TimeZone::UTC).date().to_string()
}
