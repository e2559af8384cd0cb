//! Each filter of the list, on its way to the storage.

use actix_web::test::TestRequest;
use app::{
    paging::Listing,
    ports::{InvoiceFilter, MockInvoiceQueries},
    testing::{CUSTOMER, FixedClock, ORGANIZATION},
};
use domain::{
    invoicing::{
        InvoiceNumber,
        InvoiceStatus::{Draft, Sent},
    },
    values::{AMOUNT_MINOR_MAX, Currency},
};
use jiff::{Timestamp, civil::date};
use rstest::rstest;

use super::{INVOICES, asking};
use crate::testing::{Bench, Got};

fn unfiltered() -> InvoiceFilter {
    InvoiceFilter::default()
}

fn at(instant: &str) -> Timestamp {
    instant.parse().unwrap()
}

/// Lists nothing, when it is asked for this.
fn expecting(filter: InvoiceFilter) -> Bench {
    let mut queries = MockInvoiceQueries::new();
    queries
        .expect_list()
        .once()
        .withf(move |owner, asked, _| (*owner, asked) == (ORGANIZATION, &filter))
        .returning(|_, _, _| {
            Ok(Listing {
                rows: Vec::new(),
                next: None,
                total: None,
            })
        });
    asking(queries)
}

async fn getting(bench: Bench, query: &str) -> Got {
    let uri = format!("{INVOICES}?{query}");
    bench.send(TestRequest::get().uri(&uri)).await
}

#[rstest]
#[case::none("", unfiltered())]
#[case::status("status=sent", InvoiceFilter { statuses: vec![Sent], ..unfiltered() })]
#[case::statuses(
    "status=sent&status=draft", InvoiceFilter { statuses: vec![Sent, Draft], ..unfiltered() }
)]
#[case::client(
    "client=50%25_+Ada", InvoiceFilter { client_contains: Some("50%_ Ada".to_owned()), ..unfiltered() }
)]
#[case::customer(
    "customer_id=00000000-0000-0000-0000-000000000003",
    InvoiceFilter { customer_id: Some(CUSTOMER), ..unfiltered() }
)]
#[case::number("number=INV%2F2026-1", InvoiceFilter {
    number: Some(InvoiceNumber::parse("INV/2026-1").unwrap()),
    ..unfiltered()
})]
#[case::from_its_first_moment(
    "from_date=2026-11-20", InvoiceFilter { created_from: Some(at("2026-11-20T00:00:00Z")), ..unfiltered() }
)]
#[case::to_before_the_next_day(
    "to_date=2026-11-20", InvoiceFilter { created_before: Some(at("2026-11-21T00:00:00Z")), ..unfiltered() }
)]
#[case::over_a_leap_day(
    "from_date=2028-02-29&to_date=2028-02-29",
    InvoiceFilter {
        created_from: Some(at("2028-02-29T00:00:00Z")),
        created_before: Some(at("2028-03-01T00:00:00Z")),
        ..unfiltered()
    }
)]
#[case::to_the_end_of_time(
    "to_date=9999-12-31", InvoiceFilter { created_before: Some(Timestamp::MAX), ..unfiltered() }
)]
#[case::due_from("due_from=2026-11-20", InvoiceFilter { due_from: Some(date(2026, 11, 20)), ..unfiltered() })]
#[case::due_to("due_to=9999-12-31", InvoiceFilter { due_to: Some(date(9999, 12, 31)), ..unfiltered() })]
#[case::overdue("overdue=true", InvoiceFilter { overdue_on: Some(date(2026, 11, 20)), ..unfiltered() })]
#[case::currency(
    "currency=JPY", InvoiceFilter { currency: Some(Currency::parse("JPY").unwrap()), ..unfiltered() }
)]
#[case::min("min_total_minor=0", InvoiceFilter { total_minor_min: Some(0), ..unfiltered() })]
#[case::max(
    "max_total_minor=9007199254740991",
    InvoiceFilter { total_minor_max: Some(AMOUNT_MINOR_MAX), ..unfiltered() }
)]
#[case::negative("min_total_minor=-5", InvoiceFilter { total_minor_min: Some(-5), ..unfiltered() })]
#[case::together("status=sent&currency=JPY&min_total_minor=1&max_total_minor=2", InvoiceFilter {
    statuses: vec![Sent],
    currency: Some(Currency::parse("JPY").unwrap()),
    total_minor_min: Some(1),
    total_minor_max: Some(2),
    ..unfiltered()
})]
#[actix_web::test]
async fn a_filter_reaches_the_storage(#[case] query: &str, #[case] filter: InvoiceFilter) {
    let bench = expecting(filter);

    let got = getting(bench, query).await;

    assert_eq!(got.status.as_u16(), 200);
}

#[actix_web::test]
async fn overdue_is_as_of_today_by_the_clock() {
    let filter = InvoiceFilter {
        overdue_on: Some(date(2027, 1, 1)),
        ..unfiltered()
    };
    let clock = FixedClock::at("2027-01-01T00:00:00Z");
    let bench = expecting(filter).with(|parts| parts.invoicing.clock = clock);

    let got = getting(bench, "overdue=true").await;

    assert_eq!(got.status.as_u16(), 200);
}

#[rstest]
#[case::status("status=archived", "status", "unsupported_value")]
#[case::status_case("status=Sent", "status", "unsupported_value")]
#[case::status_empty("status=", "status", "unsupported_value")]
#[case::one_of_statuses("status=sent&status=x", "status", "unsupported_value")]
#[case::client_empty("client=", "client", "empty")]
#[case::client_long(&format!("client={}", "a".repeat(256)), "client", "too_long")]
#[case::client_nul("client=a%00", "client", "forbidden_character")]
#[case::customer("customer_id=3", "customer_id", "invalid_format")]
#[case::number_empty("number=", "number", "empty")]
#[case::number_space("number=a+b", "number", "invalid_format")]
#[case::from_form("from_date=20.11.2026", "from_date", "invalid_format")]
#[case::from_never("from_date=2026-02-30", "from_date", "invalid_format")]
#[case::from_instant("from_date=2026-11-20T00:00:00Z", "from_date", "invalid_format")]
#[case::from_beyond_time("from_date=9999-12-31", "from_date", "out_of_range")]
#[case::from_before_time("from_date=-009999-01-01", "from_date", "invalid_format")]
#[case::to("to_date=x", "to_date", "invalid_format")]
#[case::due_from("due_from=1", "due_from", "invalid_format")]
#[case::due_from_before_time("due_from=-009999-01-01", "due_from", "invalid_format")]
#[case::due_to("due_to=", "due_to", "invalid_format")]
#[case::overdue_false("overdue=false", "overdue", "unsupported_value")]
#[case::overdue_one("overdue=1", "overdue", "unsupported_value")]
#[case::currency("currency=usd", "currency", "unsupported_value")]
#[case::min_fraction("min_total_minor=1.5", "min_total_minor", "invalid_format")]
#[case::min_text("min_total_minor=x", "min_total_minor", "invalid_format")]
#[case::max_inexact("max_total_minor=9007199254740992", "max_total_minor", "out_of_range")]
#[case::min_inexact("min_total_minor=-9007199254740992", "min_total_minor", "out_of_range")]
#[case::max_huge(
    "max_total_minor=99999999999999999999",
    "max_total_minor",
    "out_of_range"
)]
#[case::twice("currency=USD&currency=EUR", "currency", "duplicate_parameter")]
#[case::unknown("state=sent", "state", "unknown_parameter")]
#[case::page_and_cursor("page=1&cursor=x", "cursor", "conflict")]
#[actix_web::test]
async fn a_faulty_filter_is_refused(
    #[case] query: &str,
    #[case] parameter: &str,
    #[case] code: &str,
) {
    let got = getting(Bench::new(), query).await;

    assert_eq!(got.problem().0, 400);
    assert_eq!(got.faults(), [(parameter.to_owned(), code.to_owned())]);
}

#[actix_web::test]
async fn all_faulty_filters_are_told_at_once() {
    let query = "limit=0&status=x&status=y&due_from=1&min_total_minor=&sort=due_date";

    let got = getting(Bench::new(), query).await;

    let names: Vec<_> = got.faults().into_iter().map(|(name, _)| name).collect();
    let expected = [
        "status",
        "status",
        "due_from",
        "min_total_minor",
        "limit",
        "sort",
    ];
    assert_eq!(names, expected);
}
