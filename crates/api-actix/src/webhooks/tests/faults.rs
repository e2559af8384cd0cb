//! What is not there, and a storage that is out of reach.

use std::sync::Arc;

use actix_web::test::TestRequest;
use app::{
    ports::MockWebhookQueries,
    testing::{FakeUnitOfWork, out_of_reach},
};
use rstest::rstest;
use serde_json::json;

use super::{DELIVERIES_PATH, WEBHOOK_PATH, WEBHOOKS};
use crate::testing::{Bench, with_body};

const RETRY: &str = "/api/v1/webhook-deliveries/00000000-0000-0000-0000-000000000009/retry";

fn post(path: &str) -> TestRequest {
    TestRequest::post().uri(path)
}

fn below(part: &str) -> TestRequest {
    post(&format!("{WEBHOOK_PATH}/{part}"))
}

fn patch() -> TestRequest {
    with_body(TestRequest::patch().uri(WEBHOOK_PATH), &json!({}))
}

fn replay() -> TestRequest {
    with_body(below("replay"), &json!({"since": "2026-11-19T12:00:00Z"}))
}

fn bench(uow: FakeUnitOfWork, queries: MockWebhookQueries) -> Bench {
    let bench = Bench::new().over(uow);
    bench.with(|parts| parts.webhooks.queries = Arc::new(queries))
}

#[rstest]
#[case::get(TestRequest::get().uri(WEBHOOK_PATH))]
#[case::deliveries(TestRequest::get().uri(DELIVERIES_PATH))]
#[case::change(patch())]
#[case::deletion(TestRequest::delete().uri(WEBHOOK_PATH))]
#[case::rotation(below("rotate-secret"))]
#[case::test(below("test"))]
#[case::replay(replay())]
#[case::retry(post(RETRY))]
#[actix_web::test]
async fn what_is_not_there_is_not_found(#[case] request: TestRequest) {
    let (mut uow, mut queries) = (FakeUnitOfWork::default(), MockWebhookQueries::new());
    queries.expect_find().returning(|_, _| Ok(None));
    let find = uow.webhooks.expect_find_for_update();
    find.returning(|_, _| Ok(None));
    let find = uow.webhook_deliveries.expect_find_for_update();
    find.returning(|_, _| Ok(None));

    let got = bench(uow, queries).send(request).await;

    assert_eq!(got.problem(), (404, "not_found".to_owned()));
}

#[rstest]
#[case::list(TestRequest::get().uri(WEBHOOKS))]
#[case::get(TestRequest::get().uri(WEBHOOK_PATH))]
#[case::deliveries(TestRequest::get().uri(DELIVERIES_PATH))]
#[case::change(patch())]
#[case::deletion(TestRequest::delete().uri(WEBHOOK_PATH))]
#[case::rotation(below("rotate-secret"))]
#[case::test(below("test"))]
#[case::replay(replay())]
#[case::retry(post(RETRY))]
#[actix_web::test]
async fn a_storage_out_of_reach_is_told(#[case] request: TestRequest) {
    let (mut uow, mut queries) = (FakeUnitOfWork::default(), MockWebhookQueries::new());
    queries.expect_list().returning(|_, _| out_of_reach());
    queries.expect_find().returning(|_, _| out_of_reach());
    let find = uow.webhooks.expect_find_for_update();
    find.returning(|_, _| out_of_reach());
    let find = uow.webhook_deliveries.expect_find_for_update();
    find.returning(|_, _| out_of_reach());

    let got = bench(uow, queries).send(request).await;

    assert_eq!(got.status.as_u16(), 503);
}
