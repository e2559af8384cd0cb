use std::sync::Arc;

use actix_web::test::TestRequest;
use app::{
    paging::{Limit, Listing, PageNumber, Position, Total, Window},
    ports::{CustomerFilter, MockCustomerQueries},
    testing::{CUSTOMER, ORGANIZATION, out_of_reach},
};
use domain::{
    customers::CustomerFacts,
    values::{EmailAddress, ExternalId},
};
use rstest::rstest;
use serde_json::json;

use super::{CUSTOMERS, changed, known, whole_body};
use crate::testing::{Bench, Got};

fn start() -> Window {
    Window::After {
        position: None,
        limit: Limit::default(),
    }
}

/// Answers with this piece when it is asked for just that.
fn listing(filter: CustomerFilter, window: Window, piece: Listing<CustomerFacts>) -> Bench {
    let mut queries = MockCustomerQueries::new();
    queries
        .expect_list()
        .withf(move |owner, asked, at| (*owner, asked, *at) == (ORGANIZATION, &filter, window))
        .returning(move |_, _, _| Ok(piece.clone()));
    Bench::new().with(|parts| parts.customers.queries = Arc::new(queries))
}

fn piece(next: Option<Position>) -> Listing<CustomerFacts> {
    Listing {
        rows: vec![known().facts().clone()],
        next,
        total: None,
    }
}

async fn getting(bench: Bench, query: &str) -> Got {
    let uri = format!("{CUSTOMERS}?{query}");
    bench.send(TestRequest::get().uri(&uri)).await
}

fn named(text: &str) -> CustomerFilter {
    CustomerFilter {
        name_contains: Some(text.to_owned()),
        ..CustomerFilter::default()
    }
}

#[actix_web::test]
async fn customers_are_listed_whole() {
    let bench = listing(CustomerFilter::default(), start(), piece(None));

    let got = getting(bench, "").await;

    let made = json!({
        "id": CUSTOMER.to_string(),
        "created_at": "2026-11-01T08:00:00.000000Z",
        "updated_at": "2026-11-01T08:00:00.000000Z",
        "archived_at": null,
        "version": 1,
    });
    let row = changed(whole_body(), made);
    let expected = json!({"data": [row], "next_cursor": null, "has_more": false});
    assert_eq!((got.status.as_u16(), got.json()), (200, expected));
    assert_eq!((got.header("etag"), got.header("link")), ("", ""));
}

#[rstest]
#[case::email("email=ada%40example.com", CustomerFilter {
    email: Some(EmailAddress::parse("ada@example.com").unwrap()),
    ..CustomerFilter::default()
})]
#[case::external_id("external_id=customer+4711", CustomerFilter {
    external_id: Some(ExternalId::parse("customer 4711").unwrap()),
    ..CustomerFilter::default()
})]
#[case::name("q=50%25_%C3%84", named("50%_Ä"))]
#[case::all("q=a&external_id=b&email=c%40d.example", CustomerFilter {
    email: Some(EmailAddress::parse("c@d.example").unwrap()),
    external_id: Some(ExternalId::parse("b").unwrap()),
    name_contains: Some("a".to_owned()),
})]
#[actix_web::test]
async fn a_filter_reaches_the_storage(#[case] query: &str, #[case] filter: CustomerFilter) {
    let bench = listing(filter, start(), piece(None));

    let got = getting(bench, query).await;

    assert_eq!(got.status.as_u16(), 200);
}

#[rstest]
#[case::email("email=ada", "email", "invalid_format")]
#[case::email_empty("email=", "email", "empty")]
#[case::external_id_empty("external_id=", "external_id", "empty")]
#[case::name_empty("q=", "q", "empty")]
#[case::name_blank("q=+", "q", "empty")]
#[case::name_nul("q=%00", "q", "forbidden_character")]
#[case::name_not_utf_8("q=%FF", "q", "invalid_format")]
#[case::name_twice("q=a&q=b", "q", "duplicate_parameter")]
#[case::unknown("name=a", "name", "unknown_parameter")]
#[case::limit("limit=0", "limit", "out_of_range")]
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
async fn a_cursor_goes_on_under_the_same_filter_only() {
    let position = Position {
        created_at: known().facts().created_at,
        id: CUSTOMER.as_uuid(),
    };
    let after = Window::After {
        position: Some(position),
        limit: Limit::default(),
    };
    let first = listing(named("Ada & Co"), start(), piece(Some(position)));
    let first = getting(first, "q=Ada+%26+Co").await;
    let cursor = first.json()["next_cursor"].as_str().unwrap().to_owned();
    let place = format!("limit=20&cursor={cursor}");

    let second = listing(named("Ada & Co"), after, piece(None));
    let second = getting(second, &format!("q=Ada%20%26%20Co&{place}")).await;
    let other = getting(Bench::new(), &format!("q=Bob&{place}")).await;

    let link = format!("<{CUSTOMERS}?q=Ada%20%26%20Co&{place}>; rel=\"next\"");
    assert_eq!(first.header("link"), link);
    assert_eq!((second.status.as_u16(), second.header("link")), (200, ""));
    assert_eq!(other.problem(), (400, "cursor_mismatch".to_owned()));
}

#[actix_web::test]
async fn a_page_tells_the_total_and_keeps_the_filter_in_its_links() {
    let size = Limit::new(10).unwrap();
    let number = PageNumber::new(2, size).unwrap();
    let total = Some(Total {
        rows: 10_000,
        is_exact: false,
    });
    let piece = Listing {
        rows: Vec::new(),
        next: None,
        total,
    };
    let bench = listing(named("Ada"), Window::Page { number, size }, piece);

    let got = getting(bench, "q=Ada&page=2&page_size=10").await;

    let expected = json!({
        "data": [], "page": 2, "page_size": 10, "total": 10_000, "total_is_exact": false,
    });
    assert_eq!(got.json(), expected);
    let page = |number| format!("<{CUSTOMERS}?q=Ada&page={number}&page_size=10>");
    let links = format!("{}; rel=\"next\", {}; rel=\"prev\"", page(3), page(1));
    assert_eq!(got.header("link"), links);
}

#[actix_web::test]
async fn a_failing_storage_is_told() {
    let mut queries = MockCustomerQueries::new();
    queries.expect_list().returning(|_, _, _| out_of_reach());
    let bench = Bench::new().with(|parts| parts.customers.queries = Arc::new(queries));

    let got = getting(bench, "").await;

    assert_eq!(got.problem(), (503, "unavailable".to_owned()));
}
