use actix_web::test::TestRequest;
use app::{
    invoicing::SummaryRow,
    ports::MockInvoiceQueries,
    testing::{FixedClock, ORGANIZATION, out_of_reach},
};
use domain::invoicing::InvoiceStatus::{self, Draft, Paid, Sent, Viewed};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::{INVOICES, asking};
use crate::testing::{Bench, Got};

fn summing(rows: Vec<SummaryRow>) -> Bench {
    let mut queries = MockInvoiceQueries::new();
    queries.expect_summary().returning(move |owner| {
        assert_eq!(owner, ORGANIZATION);
        Ok(rows.clone())
    });
    asking(queries)
}

/// One invoice over `minor`, of which all is due while it is open.
fn row(currency: &str, status: InvoiceStatus, due_date: Date, minor: i128) -> SummaryRow {
    SummaryRow {
        currency: currency.to_owned(),
        status,
        due_date,
        count: 1,
        total_minor: minor,
        due_minor: if status.is_open() { minor } else { 0 },
    }
}

async fn getting(bench: Bench) -> Got {
    let uri = format!("{INVOICES}/summary");
    bench.send(TestRequest::get().uri(&uri)).await
}

#[actix_web::test]
async fn each_currency_is_summed_up() {
    let rows = vec![
        row("USD", Draft, date(2026, 11, 1), 1),
        row("USD", Sent, date(2026, 11, 19), 2),
        row("USD", Viewed, date(2026, 12, 20), 4),
        row("USD", Paid, date(2026, 1, 1), 8),
        row("EUR", Sent, date(2027, 11, 20), 16),
    ];

    let got = getting(summing(rows)).await;

    assert_eq!((got.status.as_u16(), got.header("etag")), (200, ""));
    insta::assert_json_snapshot!(got.json());
}

#[actix_web::test]
async fn receivables_age_by_the_clock() {
    let clock = FixedClock::at("2027-03-01T00:00:00Z");
    let rows = vec![row("USD", Sent, date(2026, 12, 1), 5)];

    let got = getting(summing(rows).with(|parts| parts.invoicing.clock = clock)).await;

    let summary = &got.json()["data"][0];
    let expected = json!({
        "current_minor": 0,
        "current_minor_text": "0",
        "days_1_to_30_minor": 0,
        "days_1_to_30_minor_text": "0",
        "days_31_to_60_minor": 0,
        "days_31_to_60_minor_text": "0",
        "days_61_to_90_minor": 5,
        "days_61_to_90_minor_text": "5",
        "days_over_90_minor": 0,
        "days_over_90_minor_text": "0",
    });
    assert_eq!(summary["aged_receivables"], expected);
    assert_eq!(
        summary["overdue"],
        json!({"count": 1, "sum_minor": 5, "sum_minor_text": "5"})
    );
}

#[actix_web::test]
async fn no_invoices_come_to_nothing() {
    let got = getting(summing(Vec::new())).await;

    assert_eq!(got.json(), json!({"data": []}));
}

#[actix_web::test]
async fn a_sum_that_json_numbers_cannot_carry_is_told_as_text() {
    let most = row("USD", Sent, date(2026, 12, 1), 9_007_199_254_740_991);
    let one_more = row("USD", Sent, date(2026, 12, 2), 1);

    let got = getting(summing(vec![most, one_more])).await;

    let (usd, exact) = (&got.json()["data"][0], "9007199254740992");
    let line = json!({"count": 2, "sum_minor": null, "sum_minor_text": exact});
    assert_eq!(got.status.as_u16(), 200);
    assert_eq!(usd["by_status"]["sent"], line);
    assert_eq!(usd["due_within_30_days"], line);
    assert_eq!(usd["aged_receivables"]["current_minor"], Value::Null);
    assert_eq!(usd["aged_receivables"]["current_minor_text"], exact);
}

#[actix_web::test]
async fn a_failing_storage_is_told() {
    let mut queries = MockInvoiceQueries::new();
    queries.expect_summary().returning(|_| out_of_reach());

    let got = getting(asking(queries)).await;

    assert_eq!(got.problem(), (503, "unavailable".to_owned()));
}
