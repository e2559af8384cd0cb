use std::sync::Arc;

use actix_web::test::TestRequest;
use app::{
    invoicing::{NumberGap, NumberRegister},
    paging::Limit,
    ports::{MockNumberRegisterQueries, MockOrganizationQueries, RegisteredNumber},
    testing::{FixedClock, INVOICE, ORGANIZATION, out_of_reach, stored_organization},
};
use domain::invoicing::{
    NumberFate::{self, Cancelled, ChosenByClient, Issued},
    Series,
};
use rstest::rstest;
use serde_json::{Value, json};

use super::INVOICES;
use crate::testing::{Bench, Got};

/// Answers with this when it is asked for just that part of a series.
fn registering(
    (series, after, limit): (&'static str, i64, i64),
    register: Option<NumberRegister>,
) -> Bench {
    let mut queries = MockNumberRegisterQueries::new();
    queries
        .expect_register()
        .withf(move |owner, asked, behind, rows| {
            let place = (asked.as_str(), *behind, i64::from(rows.rows()));
            (*owner, place) == (ORGANIZATION, (series, after, limit))
        })
        .returning(move |_, _, _, _| Ok(register.clone()));
    queries
        .expect_list_series()
        .returning(|_| Ok(vec![Series::named("INV-2025-"), Series::named("INV-2026-")]));
    let mut organizations = MockOrganizationQueries::new();
    organizations.expect_find().returning(|id| {
        let facts = stored_organization().facts().clone();
        Ok((id == ORGANIZATION).then_some(facts))
    });
    Bench::new().with(|parts| {
        parts.invoicing.register = Arc::new(queries);
        parts.platform.organizations = Arc::new(organizations);
    })
}

async fn getting(bench: Bench, query: &str) -> Got {
    let uri = format!("{INVOICES}/number-register?{query}");
    bench.send(TestRequest::get().uri(&uri)).await
}

fn rows(fates: &[NumberFate]) -> Vec<RegisteredNumber> {
    let row = |(position, fate): (i64, &NumberFate)| RegisteredNumber {
        position,
        number: Series::named("INV-2026-").number_at(position),
        invoice_id: INVOICE,
        fate: *fate,
    };
    (1..).zip(fates).map(row).collect()
}

fn shown(position: i64, fate: &str) -> Value {
    json!({
        "position": position,
        "number": format!("INV-2026-00000{position}"),
        "invoice_id": INVOICE.to_string(),
        "fate": fate,
    })
}

#[actix_web::test]
async fn a_series_is_shown_with_what_became_of_its_numbers() {
    let register = NumberRegister {
        rows: rows(&[Issued, Cancelled, ChosenByClient]),
        has_more: true,
        last_position: 9,
        gaps: vec![NumberGap { from: 5, to: 6 }],
    };
    let bench = registering(("INV-2026-", 0, 3), Some(register));

    let got = getting(bench, "series=INV-2026-&limit=3").await;

    let expected = json!({
        "series": "INV-2026-",
        "known_series": ["INV-2025-", "INV-2026-"],
        "data": [shown(1, "issued"), shown(2, "cancelled"), shown(3, "chosen_by_client")],
        "next_after": 3,
        "has_more": true,
        "last_position": 9,
        "gaps": [{"from": 5, "to": 6}],
    });
    assert_eq!((got.status.as_u16(), got.json()), (200, expected));
    assert_eq!(got.header("etag"), "");
}

#[actix_web::test]
async fn the_last_part_of_a_series_leads_no_further() {
    let register = NumberRegister {
        rows: rows(&[Issued]),
        last_position: 1,
        ..NumberRegister::default()
    };

    let got = getting(registering(("INV-2026-", 0, 20), Some(register)), "").await;

    assert_eq!(got.json()["next_after"], Value::Null);
    assert_eq!(got.json()["has_more"], false);
    assert_eq!(got.json()["gaps"], json!([]));
}

#[actix_web::test]
async fn a_series_that_nothing_was_taken_from_is_empty() {
    let got = getting(registering(("NEW-", 0, 20), None), "series=NEW-").await;

    let expected = json!({
        "series": "NEW-",
        "known_series": ["INV-2025-", "INV-2026-"],
        "data": [],
        "next_after": null,
        "has_more": false,
        "last_position": 0,
        "gaps": [],
    });
    assert_eq!((got.status.as_u16(), got.json()), (200, expected));
}

#[rstest]
#[case::default("", ("INV-2026-", 0, 20))]
#[case::after("after=20", ("INV-2026-", 20, 20))]
#[case::limit("limit=100", ("INV-2026-", 0, 100))]
#[case::named("series=A%2Fb_c.1-&after=1&limit=1", ("A/b_c.1-", 1, 1))]
#[actix_web::test]
async fn a_part_of_a_series_is_asked_for(
    #[case] query: &str,
    #[case] place: (&'static str, i64, i64),
) {
    let bench = registering(place, None);

    let got = getting(bench, query).await;

    assert_eq!(got.json()["series"], place.0);
}

#[rstest]
#[case("2026-12-31T23:59:59.999999Z", "INV-2026-")]
#[case("2027-01-01T00:00:00Z", "INV-2027-")]
#[actix_web::test]
async fn the_current_series_is_that_of_the_year_of_the_clock(
    #[case] now: &str,
    #[case] series: &'static str,
) {
    let clock = FixedClock::at(now);
    let bench = registering((series, 0, 20), None).with(|parts| parts.invoicing.clock = clock);

    let got = getting(bench, "").await;

    assert_eq!(got.json()["series"], series);
}

#[rstest]
#[case::series_empty("series=", "series", "invalid_format")]
#[case::series_space("series=INV+2026", "series", "invalid_format")]
#[case::series_long(&format!("series={}", "9".repeat(Series::LENGTH_MAX + 1)), "series", "invalid_format")]
#[case::after_negative("after=-1", "after", "out_of_range")]
#[case::after_text("after=x", "after", "invalid_format")]
#[case::limit_zero("limit=0", "limit", "out_of_range")]
#[case::limit_large(&format!("limit={}", Limit::MAX + 1), "limit", "out_of_range")]
#[case::cursor("cursor=x", "cursor", "unknown_parameter")]
#[actix_web::test]
async fn what_is_no_part_of_a_series_is_refused(
    #[case] query: &str,
    #[case] parameter: &str,
    #[case] code: &str,
) {
    let got = getting(Bench::new(), query).await;

    assert_eq!(got.problem().0, 400);
    assert_eq!(got.faults(), [(parameter.to_owned(), code.to_owned())]);
}

#[actix_web::test]
async fn without_its_organization_there_is_no_current_series() {
    let mut organizations = MockOrganizationQueries::new();
    organizations.expect_find().returning(|_| Ok(None));
    let bench = Bench::new().with(|parts| parts.platform.organizations = Arc::new(organizations));

    let got = getting(bench, "").await;

    assert_eq!(got.problem(), (404, "not_found".to_owned()));
}

#[actix_web::test]
async fn a_failing_storage_is_told() {
    let mut queries = MockNumberRegisterQueries::new();
    queries
        .expect_register()
        .returning(|_, _, _, _| out_of_reach());
    let bench = Bench::new().with(|parts| parts.invoicing.register = Arc::new(queries));

    let got = getting(bench, "series=INV-2026-").await;

    assert_eq!(got.problem(), (503, "unavailable".to_owned()));
}
