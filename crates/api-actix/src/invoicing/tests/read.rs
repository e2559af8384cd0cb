use std::sync::Arc;

use actix_web::test::TestRequest;
use app::{
    invoicing::InvoiceView,
    ports::MockInvoiceQueries,
    testing::{FixedClock, INVOICE, ORGANIZATION, out_of_reach, stored_invoice},
};
use domain::invoicing::{
    Invoice,
    InvoiceStatus::{self, Cancelled, Overdue, Paid, Sent, Viewed},
};
use rstest::rstest;

use super::{asking, path};
use crate::testing::Bench;

/// Holds this invoice, to be found by its organization and its id only.
fn holding(stored: &Invoice) -> Bench {
    let view = Arc::new(InvoiceView::from(stored.facts()));
    let mut queries = MockInvoiceQueries::new();
    queries.expect_find().returning(move |owner, id| {
        let is_it = (owner, id) == (ORGANIZATION, INVOICE);
        Ok(is_it.then(|| Arc::clone(&view)))
    });
    asking(queries)
}

fn getting() -> TestRequest {
    TestRequest::get().uri(&path())
}

#[actix_web::test]
async fn a_paid_invoice_is_shown_whole() {
    let stored = stored_invoice(&[Sent, Viewed, Paid]);

    let got = holding(&stored).send(getting()).await;

    assert_eq!((got.status.as_u16(), got.header("etag")), (200, "\"4\""));
    insta::assert_json_snapshot!(got.json());
}

#[rstest]
#[case::due_today(&[Sent], "2026-12-20T23:59:59.999999Z", false)]
#[case::over(&[Sent], "2026-12-21T00:00:00Z", true)]
#[case::viewed(&[Sent, Viewed], "2026-12-21T00:00:00Z", true)]
#[case::overdue(&[Sent, Overdue], "2026-12-21T00:00:00Z", true)]
#[case::marked_before_its_time(&[Sent, Overdue], "2026-12-20T12:00:00Z", false)]
#[case::draft(&[], "2026-12-21T00:00:00Z", false)]
#[case::paid(&[Sent, Paid], "2026-12-21T00:00:00Z", false)]
#[case::cancelled(&[Sent, Cancelled], "2026-12-21T00:00:00Z", false)]
#[actix_web::test]
async fn an_open_invoice_is_overdue_by_the_clock(
    #[case] steps: &[InvoiceStatus],
    #[case] now: &str,
    #[case] is_overdue: bool,
) {
    let clock = FixedClock::at(now);
    let bench = holding(&stored_invoice(steps)).with(|parts| parts.invoicing.clock = clock);

    let got = bench.send(getting()).await;

    assert_eq!(got.json()["is_overdue"], is_overdue);
}

#[rstest]
#[case::seen("\"2\"", 304)]
#[case::seen_weakly("\"1\", W/\"2\"", 304)]
#[case::anything("*", 304)]
#[case::older("\"1\"", 200)]
#[case::malformed("2", 400)]
#[actix_web::test]
async fn what_the_client_has_is_not_sent_again(#[case] tag: &str, #[case] status: u16) {
    let request = getting().insert_header(("if-none-match", tag));

    let got = holding(&stored_invoice(&[Sent])).send(request).await;

    assert_eq!(got.status.as_u16(), status);
    assert_eq!(got.bytes.is_empty(), status == 304);
    if status == 304 {
        assert_eq!(
            (got.header("etag"), got.header("content-type")),
            ("\"2\"", "")
        );
    }
}

#[actix_web::test]
async fn what_the_end_of_a_day_has_made_overdue_is_sent_again() {
    let clock = FixedClock::at("2026-12-21T00:00:00Z");
    let bench = holding(&stored_invoice(&[Sent])).with(|parts| parts.invoicing.clock = clock);

    let got = bench
        .send(getting().insert_header(("if-none-match", "\"2\"")))
        .await;

    assert_eq!((got.status.as_u16(), got.header("etag")), (200, "\"2\""));
    assert_eq!(got.json()["is_overdue"], true);
}

#[actix_web::test]
async fn an_invoice_that_is_not_there_is_not_found() {
    let uri = "/api/v1/invoices/00000000-0000-0000-0000-000000000099";

    let got = holding(&stored_invoice(&[]))
        .send(TestRequest::get().uri(uri))
        .await;

    assert_eq!(got.problem(), (404, "not_found".to_owned()));
    let detail = "there is no invoice 00000000-0000-0000-0000-000000000099";
    assert_eq!(got.json()["detail"], detail);
}

#[actix_web::test]
async fn a_failing_storage_is_told() {
    let mut queries = MockInvoiceQueries::new();
    queries.expect_find().returning(|_, _| out_of_reach());

    let got = asking(queries).send(getting()).await;

    assert_eq!(got.problem(), (503, "unavailable".to_owned()));
}
