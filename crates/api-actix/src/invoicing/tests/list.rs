use actix_web::test::TestRequest;
use app::{
    invoicing::{InvoiceEntry, InvoiceView},
    paging::{Limit, Listing, PageNumber, Position, Total, Window},
    ports::{InvoiceFilter, MockInvoiceQueries},
    testing::{INVOICE, ORGANIZATION, out_of_reach, stored_invoice},
};
use domain::invoicing::InvoiceStatus::{self, Draft, Sent};
use serde_json::{Value, json};

use super::{INVOICES, asking};
use crate::{
    invoicing::invoice_body::InvoiceBody,
    testing::{Bench, Got},
};

/// Answers with this piece when it is asked for just that.
fn listing(filter: InvoiceFilter, window: Window, piece: Listing<InvoiceEntry>) -> Bench {
    let mut queries = MockInvoiceQueries::new();
    queries
        .expect_list()
        .withf(move |owner, asked, at| (*owner, asked, *at) == (ORGANIZATION, &filter, window))
        .returning(move |_, _, _| Ok(piece.clone()));
    asking(queries)
}

fn after(position: Option<Position>) -> Window {
    Window::After {
        position,
        limit: Limit::new(1).unwrap(),
    }
}

fn piece(next: Option<Position>) -> Listing<InvoiceEntry> {
    Listing {
        rows: vec![InvoiceEntry::from(stored_invoice(&[Sent]).facts())],
        next,
        total: None,
    }
}

async fn getting(bench: Bench, query: &str) -> Got {
    let uri = format!("{INVOICES}?{query}");
    bench.send(TestRequest::get().uri(&uri)).await
}

fn in_status(statuses: &[InvoiceStatus]) -> InvoiceFilter {
    InvoiceFilter {
        statuses: statuses.to_vec(),
        ..InvoiceFilter::default()
    }
}

#[actix_web::test]
async fn invoices_are_listed_without_their_lines() {
    let bench = listing(InvoiceFilter::default(), after(None), piece(None));

    let got = getting(bench, "limit=1").await;

    let view = InvoiceView::from(stored_invoice(&[Sent]).facts());
    let today = jiff::civil::date(2026, 11, 20);
    let mut row = serde_json::to_value(InvoiceBody::of(&view, today)).unwrap();
    for name in ["seller", "items", "tax_breakdown", "notes"] {
        assert!(row.as_object_mut().unwrap().remove(name).is_some());
    }
    let expected = json!({"data": [row], "next_cursor": null, "has_more": false});
    assert_eq!((got.status.as_u16(), got.json()), (200, expected));
    assert_eq!((got.header("etag"), got.header("link")), ("", ""));
}

#[actix_web::test]
async fn a_listed_invoice_is_overdue_by_the_clock() {
    let bench = listing(InvoiceFilter::default(), after(None), piece(None));
    let clock = app::testing::FixedClock::at("2026-12-21T00:00:00Z");

    let got = getting(bench.with(|parts| parts.invoicing.clock = clock), "limit=1").await;

    assert_eq!(got.json()["data"][0]["is_overdue"], true);
}

#[actix_web::test]
async fn a_cursor_goes_on_under_the_same_filters_only() {
    let position = Position {
        created_at: stored_invoice(&[]).facts().created_at,
        id: INVOICE.as_uuid(),
    };
    let filter = || in_status(&[Sent, Draft]);
    let first = listing(filter(), after(None), piece(Some(position)));
    let first = getting(first, "status=sent&limit=1&status=draft").await;
    let cursor = first.json()["next_cursor"].as_str().unwrap().to_owned();
    let place = format!("limit=1&cursor={cursor}");

    let second = listing(filter(), after(Some(position)), piece(None));
    let second = getting(second, &format!("status=sent&status=draft&{place}")).await;
    let other = getting(Bench::new(), &format!("status=sent&{place}")).await;

    assert_eq!(first.json()["has_more"], true);
    let link = format!("<{INVOICES}?status=draft&status=sent&{place}>; rel=\"next\"");
    assert_eq!(first.header("link"), link);
    assert_eq!(
        (second.status.as_u16(), &second.json()["has_more"]),
        (200, &false.into())
    );
    assert_eq!(other.problem(), (400, "cursor_mismatch".to_owned()));
}

#[actix_web::test]
async fn a_cursor_of_another_list_is_refused() {
    let position = Position {
        created_at: stored_invoice(&[]).facts().created_at,
        id: INVOICE.as_uuid(),
    };
    let first = listing(InvoiceFilter::default(), after(None), piece(Some(position)));
    let first = getting(first, "limit=1").await;
    let cursor = first.json()["next_cursor"].as_str().unwrap().to_owned();

    let uri = format!("/api/v1/customers?limit=1&cursor={cursor}");
    let got = Bench::new().send(TestRequest::get().uri(&uri)).await;

    assert_eq!(got.problem(), (400, "invalid_cursor".to_owned()));
}

#[actix_web::test]
async fn a_page_tells_the_total_and_its_neighbours() {
    let size = Limit::new(10).unwrap();
    let number = PageNumber::new(2, size).unwrap();
    let piece = Listing {
        total: Some(Total {
            rows: 25,
            is_exact: true,
        }),
        ..piece(None)
    };
    let bench = listing(in_status(&[Sent]), Window::Page { number, size }, piece);

    let got = getting(bench, "page=2&page_size=10&status=sent").await;

    let mut json = got.json();
    let rows = json["data"].as_array().map(Vec::len);
    json["data"] = Value::Null;
    let expected = json!({
        "data": null, "page": 2, "page_size": 10, "total": 25, "total_is_exact": true,
    });
    assert_eq!((rows, json), (Some(1), expected));
    let page = |number| format!("<{INVOICES}?status=sent&page={number}&page_size=10>");
    let links = format!("{}; rel=\"next\", {}; rel=\"prev\"", page(3), page(1));
    assert_eq!(got.header("link"), links);
}

#[actix_web::test]
async fn a_failing_storage_is_told() {
    let mut queries = MockInvoiceQueries::new();
    queries.expect_list().returning(|_, _, _| out_of_reach());

    let got = getting(asking(queries), "").await;

    assert_eq!(got.problem(), (503, "unavailable".to_owned()));
}
