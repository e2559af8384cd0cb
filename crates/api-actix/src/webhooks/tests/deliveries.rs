use actix_web::test::TestRequest;
use app::testing::{FakeUnitOfWork, stored_delivery, stored_webhook};
use rstest::rstest;
use serde_json::{Value, json};

use super::{DELIVERIES_PATH, WEBHOOK_PATH, disabled};
use crate::testing::{Bench, with_body};

const RETRY: &str = "/api/v1/webhook-deliveries/00000000-0000-0000-0000-000000000009/retry";

fn test() -> TestRequest {
    TestRequest::post().uri(&format!("{WEBHOOK_PATH}/test"))
}

fn retry() -> TestRequest {
    TestRequest::post().uri(RETRY)
}

fn replay(body: &Value) -> TestRequest {
    with_body(
        TestRequest::post().uri(&format!("{WEBHOOK_PATH}/replay")),
        body,
    )
}

fn yesterday() -> Value {
    json!({"since": "2026-11-19T12:00:00+02:00"})
}

#[actix_web::test]
async fn a_test_event_is_on_its_way() {
    let mut uow = FakeUnitOfWork::default().with_webhook(stored_webhook());
    let enqueue = uow.webhook_deliveries.expect_enqueue().once();
    enqueue.returning(|_, _| Ok(()));

    let got = Bench::new().over(uow).send(test()).await;

    assert_eq!(got.status.as_u16(), 202);
    assert_eq!(got.header("location"), DELIVERIES_PATH);
    assert_eq!(got.json()["event_type"], "webhook.test");
    assert_eq!(got.json()["state"], "pending");
}

#[actix_web::test]
async fn a_delivery_is_on_its_way_again() {
    let mut uow = FakeUnitOfWork::default()
        .with_webhook(stored_webhook())
        .with_delivery(stored_delivery());
    let update = uow.webhook_deliveries.expect_update().once();
    update.returning(|_| Ok(()));

    let got = Bench::new().over(uow).send(retry()).await;

    assert_eq!(got.status.as_u16(), 202);
    assert_eq!(got.header("location"), DELIVERIES_PATH);
    assert_eq!(got.json()["next_attempt_at"], "2026-11-20T12:00:00.000000Z");
}

#[actix_web::test]
async fn past_events_are_on_their_way_again() {
    let mut uow = FakeUnitOfWork::default().with_webhook(stored_webhook());
    let begin = uow.webhook_deliveries.expect_begin_replay().once();
    begin.returning(|_, _| Ok(()));

    let got = Bench::new().over(uow).send(replay(&yesterday())).await;

    assert_eq!(got.status.as_u16(), 202);
    assert_eq!(got.header("location"), DELIVERIES_PATH);
    assert_eq!(got.json()["since"], "2026-11-19T10:00:00.000000Z");
    assert_eq!(got.json()["until"], "2026-11-20T12:00:00.000000Z");
}

#[rstest]
#[case::nothing(json!({}), "required")]
#[case::no_instant(json!({"since": "yesterday"}), "invalid_format")]
#[case::day(json!({"since": "2026-11-19"}), "invalid_format")]
#[case::future(json!({"since": "2026-11-20T12:00:00.000001Z"}), "out_of_range")]
#[actix_web::test]
async fn a_replay_is_of_the_past(#[case] body: Value, #[case] code: &str) {
    let got = Bench::new().send(replay(&body)).await;

    assert_eq!(got.faults(), [("/since".to_owned(), code.to_owned())]);
}

#[rstest]
#[case::test(test())]
#[case::retry(retry())]
#[case::replay(replay(&yesterday()))]
#[actix_web::test]
async fn nothing_is_sent_to_a_disabled_webhook(#[case] request: TestRequest) {
    let uow = FakeUnitOfWork::default()
        .with_webhook(disabled())
        .with_delivery(stored_delivery());

    let got = Bench::new().over(uow).send(request).await;

    assert_eq!(got.problem(), (422, "webhook_disabled".to_owned()));
}
