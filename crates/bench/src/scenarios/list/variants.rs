//! Every filter of `GET /invoices`, where it finds much and where it finds little.

use jiff::{Span, civil::Date};

use super::{FIRST_PAGE, Variant};
use crate::data::Samples;

/// The customer that one in twenty invoices belongs to, and the one that one in 100,000 does.
const LARGEST_CUSTOMER: &str = "00000000-0000-7000-8000-000000000001";
const SMALLEST_CUSTOMER: &str = "00000000-0000-7000-8000-00000000270f";

/// Filters that are the same whatever the data are.
const FIXED: [(&str, &str); 17] = [
    ("status common (paid)", "status=paid"),
    ("status rare (draft)", "status=draft"),
    ("two statuses", "status=sent&status=overdue"),
    (
        "all open statuses",
        "status=sent&status=viewed&status=overdue",
    ),
    ("client common", "client=gmbh"),
    ("client one word", "client=Nordwind"),
    ("client rare", "client=zephyr"),
    ("client of two letters", "client=ze"),
    ("client without any", "client=no%20such%20company"),
    ("overdue", "overdue=true"),
    ("overdue of a status", "overdue=true&status=overdue"),
    ("currency common", "currency=EUR"),
    ("currency rare", "currency=KWD"),
    ("currency without any", "currency=JPY"),
    ("client common, currency rare", "client=gmbh&currency=KWD"),
    ("client common, status rare", "client=gmbh&status=draft"),
    ("status rare, currency rare", "status=overdue&currency=KWD"),
];

/// All of them, the one that they are compared with first.
pub(super) fn all(samples: &Samples) -> Vec<Variant> {
    let mut variants = vec![Variant {
        name: FIRST_PAGE.to_owned(),
        requests: vec!["GET /api/v1/invoices".to_owned()],
    }];
    let fixed = FIXED.map(|(name, query)| Variant::new(name, [query.to_owned()]));
    variants.extend(fixed);
    variants.extend(by_customer_and_number(samples));
    variants.extend(by_date(samples));
    variants.extend(by_total(samples));
    variants
}

fn by_customer_and_number(samples: &Samples) -> [Variant; 5] {
    let customers = samples.customers.iter();
    let numbers = samples.numbers.iter();
    [
        Variant::new("customer", customers.map(|id| format!("customer_id={id}"))),
        Variant::new(
            "customer with most",
            [format!("customer_id={LARGEST_CUSTOMER}")],
        ),
        Variant::new(
            "customer with fewest",
            [format!("customer_id={SMALLEST_CUSTOMER}")],
        ),
        Variant::new(
            "customer with most, status rare",
            [format!("customer_id={LARGEST_CUSTOMER}&status=draft")],
        ),
        Variant::new("number", numbers.map(|number| format!("number={number}"))),
    ]
}

fn by_date(samples: &Samples) -> [Variant; 7] {
    let today = samples.today;
    let days = || samples.days.iter();
    let year_ago = day(today, -365);
    [
        Variant::new(
            "made on one day",
            days().map(|day| format!("from_date={day}&to_date={day}")),
        ),
        Variant::new("made long ago", [format!("to_date={year_ago}")]),
        Variant::new("made since a year ago", [format!("from_date={year_ago}")]),
        Variant::new(
            "made on one day, status rare",
            days().map(|day| format!("from_date={day}&to_date={day}&status=draft")),
        ),
        Variant::new(
            "due on one day",
            days().map(|day| format!("due_from={day}&due_to={day}")),
        ),
        Variant::new("due until today", [format!("due_to={today}")]),
        Variant::new(
            "due in the next month",
            [format!("due_from={today}&due_to={}", day(today, 30))],
        ),
    ]
}

fn by_total(samples: &Samples) -> [Variant; 4] {
    let (usual, fortune) = (samples.usual_minor, samples.fortune_minor);
    [
        Variant::new("total common", [format!("min_total_minor={usual}")]),
        Variant::new("total rare", [format!("min_total_minor={fortune}")]),
        Variant::new(
            "total in a narrow range",
            [format!(
                "min_total_minor={usual}&max_total_minor={}",
                usual + 10
            )],
        ),
        Variant::new(
            "total common, currency rare",
            [format!("min_total_minor={usual}&currency=KWD")],
        ),
    ]
}

fn day(from: Date, days: i64) -> Date {
    // Two years around today are far from the end of time.
    from.saturating_add(Span::new().days(days))
}
