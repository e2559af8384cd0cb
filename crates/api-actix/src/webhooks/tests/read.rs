use actix_web::test::TestRequest;
use app::{
    paging::Listing,
    ports::MockWebhookQueries,
    testing::{DELIVERY, ORGANIZATION, WEBHOOK, stored_delivery, stored_webhook},
};
use domain::webhooks::{Attempt, AttemptOutcome, DeliveryFacts, DeliveryState, SendFailure};
use rstest::rstest;
use serde_json::{Value, json};

use super::{DELIVERIES_PATH, WEBHOOK_PATH, WEBHOOKS, changed, disabled, reading, shown};

fn knowing_one() -> MockWebhookQueries {
    let mut queries = MockWebhookQueries::new();
    queries.expect_find().returning(|owner, id| {
        let is_it = (owner, id) == (ORGANIZATION, WEBHOOK);
        Ok(is_it.then(|| stored_webhook().facts().clone()))
    });
    queries
}

fn listing<T>(rows: Vec<T>) -> Listing<T> {
    Listing {
        rows,
        next: None,
        total: None,
    }
}

#[actix_web::test]
async fn a_webhook_is_shown_without_its_secret() {
    let got = reading(knowing_one())
        .send(TestRequest::get().uri(WEBHOOK_PATH))
        .await;

    assert_eq!(got.json(), shown());
    assert_eq!(got.header("etag"), "\"1\"");
}

#[actix_web::test]
async fn why_a_webhook_is_disabled_is_shown() {
    let mut queries = MockWebhookQueries::new();
    let find = queries.expect_find();
    find.returning(|_, _| Ok(Some(disabled().facts().clone())));

    let got = reading(queries)
        .send(TestRequest::get().uri(WEBHOOK_PATH))
        .await;

    let different = json!({
        "enabled": false, "disabled_reason": "gone", "disabled_at": "2026-11-20T12:00:00.000000Z", "version": 2,
    });
    assert_eq!(got.json(), changed(shown(), different));
}

#[actix_web::test]
async fn webhooks_are_listed() {
    let mut queries = MockWebhookQueries::new();
    let list = queries.expect_list();
    list.returning(|_, _| Ok(listing(vec![stored_webhook().facts().clone()])));

    let got = reading(queries)
        .send(TestRequest::get().uri(WEBHOOKS))
        .await;

    let expected = json!({"data": [shown()], "next_cursor": null, "has_more": false});
    assert_eq!(got.json(), expected);
}

fn attempted(outcome: AttemptOutcome, state: DeliveryState) -> DeliveryFacts {
    let facts = stored_delivery().facts().clone();
    DeliveryFacts {
        attempts: 1,
        state,
        last_attempt: Some(Attempt {
            at: facts.created_at,
            took_ms: 12,
            outcome,
        }),
        ..facts
    }
}

#[rstest]
#[case::never_tried(
    stored_delivery().facts().clone(),
    json!({"state": "pending", "attempts": 0, "next_attempt_at": "2026-11-20T12:00:00.000000Z", "last_attempt": null}),
)]
#[case::delivered(
    attempted(AttemptOutcome::Answered(204), DeliveryState::Delivered),
    json!({"state": "delivered", "attempts": 1, "next_attempt_at": null, "last_attempt": {
        "at": "2026-11-20T12:00:00.000000Z", "duration_ms": 12, "response_status": 204, "error": null,
    }}),
)]
#[case::failed(
    attempted(AttemptOutcome::Failed(SendFailure::TimedOut), DeliveryState::Failed),
    json!({"state": "failed", "attempts": 1, "next_attempt_at": null, "last_attempt": {
        "at": "2026-11-20T12:00:00.000000Z", "duration_ms": 12, "response_status": null, "error": "timed_out",
    }}),
)]
#[actix_web::test]
async fn what_was_sent_is_listed(#[case] facts: DeliveryFacts, #[case] different: Value) {
    let mut queries = knowing_one();
    queries
        .expect_list_deliveries()
        .withf(|webhook, _| *webhook == WEBHOOK)
        .returning(move |_, _| Ok(listing(vec![facts.clone()])));

    let got = reading(queries)
        .send(TestRequest::get().uri(DELIVERIES_PATH))
        .await;

    let shown = json!({
        "id": DELIVERY.to_string(), "webhook_id": WEBHOOK.to_string(),
        "event_id": "00000000-0000-0000-0000-00000000000a", "event_type": "invoice.sent",
        "created_at": "2026-11-20T12:00:00.000000Z",
    });
    assert_eq!(got.json()["data"][0], changed(shown, different));
}
