use std::sync::Arc;

use actix_web::test::TestRequest;
use app::{
    paging::{Limit, Listing, Window},
    ports::{HoldFilter, MockHoldQueries},
    testing::{HOLD, ORGANIZATION, stored_hold},
};
use domain::{ids::AccountId, ledger::HoldState};
use rstest::rstest;
use serde_json::json;
use uuid::Uuid;

use super::{HOLDS, account, body};
use crate::testing::{Bench, Got};

async fn getting(queries: MockHoldQueries, path: &str) -> Got {
    Bench::new()
        .with(|parts| parts.ledger.holds.queries = Arc::new(queries))
        .send(TestRequest::get().uri(&format!("{HOLDS}{path}")))
        .await
}

#[actix_web::test]
async fn a_hold_is_shown_to_its_organization() {
    let mut queries = MockHoldQueries::new();
    queries
        .expect_find()
        .withf(|owner, id| (*owner, *id) == (ORGANIZATION, HOLD))
        .returning(|_, _| Ok(Some(stored_hold().facts().clone())));

    let got = getting(queries, &format!("/{HOLD}")).await;

    assert_eq!((got.status.as_u16(), got.json()), (200, body()));
    assert_eq!(got.header("etag"), "\"1\"");
}

#[actix_web::test]
async fn an_unknown_hold_is_not_found() {
    let mut queries = MockHoldQueries::new();
    queries.expect_find().returning(|_, _| Ok(None));

    let got = getting(queries, &format!("/{HOLD}")).await;

    assert_eq!(got.problem(), (404, "not_found".to_owned()));
}

#[rstest]
#[case::none(String::new(), HoldFilter::default())]
#[case::account(format!("?account_id={}", account(1)), HoldFilter {
    account_id: Some(AccountId::from_uuid(Uuid::from_u128(1))),
    ..HoldFilter::default()
})]
#[case::status("?status=expired".to_owned(), HoldFilter {
    state: Some(HoldState::Expired),
    ..HoldFilter::default()
})]
#[actix_web::test]
async fn a_filter_reaches_the_storage(#[case] query: String, #[case] filter: HoldFilter) {
    let mut queries = MockHoldQueries::new();
    let start = Window::After {
        position: None,
        limit: Limit::default(),
    };
    queries
        .expect_list()
        .withf(move |owner, asked, at| (*owner, asked, *at) == (ORGANIZATION, &filter, start))
        .returning(|_, _, _| {
            Ok(Listing {
                rows: vec![stored_hold().facts().clone()],
                next: None,
                total: None,
            })
        });

    let got = getting(queries, &query).await;

    let expected = json!({"data": [body()], "next_cursor": null, "has_more": false});
    assert_eq!((got.status.as_u16(), got.json()), (200, expected));
}

#[rstest]
#[case("?status=gone", "status", "unsupported_value")]
#[case("?account_id=1", "account_id", "invalid_format")]
#[case("?account=1", "account", "unknown_parameter")]
#[actix_web::test]
async fn a_faulty_filter_is_refused(
    #[case] query: &str,
    #[case] parameter: &str,
    #[case] code: &str,
) {
    let got = getting(MockHoldQueries::new(), query).await;

    assert_eq!(got.problem().0, 400);
    assert_eq!(got.faults(), [(parameter.to_owned(), code.to_owned())]);
}
