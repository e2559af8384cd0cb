use std::sync::Arc;

use actix_web::test::TestRequest;
use app::{
    paging::{Limit, Listing, PageNumber, Position, Total, Window},
    ports::MockApiKeyQueries,
    testing::stored_key,
};
use rstest::rstest;

use crate::testing::Bench;

const KEYS: &str = "/api/v1/api-keys";

fn position() -> Position {
    let key = stored_key();
    Position {
        created_at: key.created_at,
        id: key.id.as_uuid(),
    }
}

fn rows(count: i64) -> Limit {
    Limit::new(count).unwrap()
}

/// Lists one key when it is asked for this piece.
fn listing(window: Window, next: Option<Position>, total: Option<Total>) -> Bench {
    let mut keys = MockApiKeyQueries::new();
    keys.expect_list().returning(move |_, asked| {
        assert_eq!(asked, window);
        Ok(Listing {
            rows: vec![stored_key()],
            next,
            total,
        })
    });
    Bench::new().with(|parts| parts.platform.api_keys = Arc::new(keys))
}

fn getting(query: &str) -> TestRequest {
    TestRequest::get().uri(&format!("{KEYS}?{query}"))
}

#[rstest]
#[case::limit_zero("limit=0", "limit", "out_of_range", "invalid_parameter")]
#[case::limit_101("limit=101", "limit", "out_of_range", "invalid_parameter")]
#[case::limit_spelt_oddly("limit=%2B5", "limit", "invalid_format", "invalid_parameter")]
#[case::limit_with_zeros("limit=05", "limit", "invalid_format", "invalid_parameter")]
#[case::limit_empty("limit=", "limit", "invalid_format", "invalid_parameter")]
#[case::limit_huge(
    "limit=99999999999999999999",
    "limit",
    "out_of_range",
    "invalid_parameter"
)]
#[case::limit_twice(
    "limit=5&limit=6",
    "limit",
    "duplicate_parameter",
    "duplicate_parameter"
)]
#[case::page_zero("page=0", "page", "out_of_range", "invalid_parameter")]
#[case::page_size_101("page_size=101", "page_size", "out_of_range", "invalid_parameter")]
#[case::page_too_deep("page=501", "page", "page_too_deep", "page_too_deep")]
#[case::page_behind_a_short_one("page=335&page_size=30", "page", "page_too_deep", "page_too_deep")]
#[case::page_huge("page=5000000000", "page", "page_too_deep", "page_too_deep")]
#[case::page_and_cursor("page=1&cursor=x", "cursor", "conflict", "invalid_parameter")]
#[case::page_and_limit("page=1&limit=5", "limit", "conflict", "invalid_parameter")]
#[case::forged("cursor=AQID", "cursor", "invalid_cursor", "invalid_cursor")]
#[case::empty_cursor("cursor=", "cursor", "invalid_cursor", "invalid_cursor")]
#[case::unknown("offset=5", "offset", "unknown_parameter", "unknown_parameter")]
#[case::encoded_name("%6Fffset=5", "offset", "unknown_parameter", "unknown_parameter")]
#[case::broken_encoding("limit=%F", "limit", "invalid_format", "invalid_parameter")]
#[case::not_utf_8("limit=%FF", "limit", "invalid_format", "invalid_parameter")]
#[actix_web::test]
async fn what_is_not_a_piece_of_a_list_is_refused(
    #[case] query: &str,
    #[case] parameter: &str,
    #[case] fault: &str,
    #[case] code: &str,
) {
    let got = Bench::new().send(getting(query)).await;

    assert_eq!(got.problem(), (400, code.to_owned()));
    assert_eq!(got.faults(), [(parameter.to_owned(), fault.to_owned())]);
}

#[actix_web::test]
async fn a_cursor_leads_to_the_next_piece_and_on() {
    let limit = rows(1);
    let first = Window::After {
        position: None,
        limit,
    };
    let first = listing(first, Some(position()), None)
        .send(getting("limit=1"))
        .await;
    let cursor = first.json()["next_cursor"].as_str().unwrap().to_owned();
    let second = Window::After {
        position: Some(position()),
        limit,
    };

    let got = listing(second, None, None)
        .send(getting(&format!("limit=1&cursor={cursor}")))
        .await;

    assert_eq!(first.json()["has_more"], true);
    let link = format!("<{KEYS}?limit=1&cursor={cursor}>; rel=\"next\"");
    assert_eq!(first.header("link"), link);
    assert_eq!(got.json()["next_cursor"], serde_json::Value::Null);
    assert_eq!(got.json()["has_more"], false);
    assert_eq!(got.header("link"), "");
}

#[rstest]
#[case::first(1, 25, "next")]
#[case::middle(2, 25, "next prev")]
#[case::last(3, 25, "prev")]
#[case::exactly_full(2, 20, "prev")]
#[actix_web::test]
async fn pages_know_their_neighbours(#[case] page: u32, #[case] total: u32, #[case] links: &str) {
    let size = rows(10);
    let number = PageNumber::new(page, size).unwrap();
    let total = Total {
        rows: total,
        is_exact: true,
    };
    let bench = listing(Window::Page { number, size }, None, Some(total));

    let got = bench
        .send(getting(&format!("page={page}&page_size=10")))
        .await;

    let json = got.json();
    assert_eq!(
        (&json["page"], &json["page_size"]),
        (&page.into(), &10.into())
    );
    assert_eq!(
        (&json["total"], &json["total_is_exact"]),
        (&total.rows.into(), &true.into())
    );
    assert_eq!(json.get("next_cursor"), None);
    let link = got.header("link");
    let relations: Vec<_> = ["next", "prev"]
        .into_iter()
        .filter(|it| link.contains(it))
        .collect();
    assert_eq!(relations.join(" "), links);
}

/// Whoever follows the links sees every row that is counted, also when no number of full pages has just so many.
#[rstest]
#[case::before_the_short_one("page=333&page_size=30", 9_995, "next prev")]
#[case::the_short_one("page=334&page_size=30", 9_995, "prev")]
#[case::the_last_of_all("page=334&page_size=30", 10_000, "prev")]
#[case::none_behind_full_ones("page=333&page_size=30", 9_990, "prev")]
#[case::before_the_last_full_one("page=499&page_size=20", 10_000, "next prev")]
#[case::the_last_full_one("page=500&page_size=20", 10_000, "prev")]
#[actix_web::test]
async fn links_lead_to_the_last_row_that_is_counted(
    #[case] query: &str,
    #[case] total: u32,
    #[case] links: &str,
) {
    let mut keys = MockApiKeyQueries::new();
    keys.expect_list().returning(move |_, _| {
        Ok(Listing {
            rows: vec![stored_key()],
            next: None,
            total: Some(Total {
                rows: total,
                is_exact: false,
            }),
        })
    });
    let bench = Bench::new().with(|parts| parts.platform.api_keys = Arc::new(keys));

    let got = bench.send(getting(query)).await;

    assert_eq!(got.status.as_u16(), 200);
    let link = got.header("link");
    let relations: Vec<_> = ["next", "prev"]
        .into_iter()
        .filter(|it| link.contains(it))
        .collect();
    assert_eq!(relations.join(" "), links);
}

#[rstest]
#[case("page_size=5")]
#[case("page=1&page_size=5")]
#[actix_web::test]
async fn a_page_size_alone_means_the_first_page(#[case] query: &str) {
    let size = rows(5);
    let number = PageNumber::new(1, size).unwrap();
    let bench = listing(Window::Page { number, size }, None, None);

    let got = bench.send(getting(query)).await;

    assert_eq!(got.json()["page"], 1);
}
