use actix_web::test::TestRequest;
use app::testing::{FakeUnitOfWork, stored_webhook};
use rstest::rstest;
use serde_json::{Value, json};

use super::{WEBHOOK_PATH, changed, shown};
use crate::testing::{Bench, with_body};

fn updating(event: &'static str) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default()
        .with_webhook(stored_webhook())
        .announcing(event, 2);
    uow.webhooks.expect_update().once().returning(|_| Ok(()));
    uow
}

#[rstest]
#[case::nothing(json!({}), json!({}))]
#[case::all_of_it(
    json!({"url": "https://a.example", "event_types": ["*"], "description": "a", "enabled": false, "metadata": {"a": "b"}}),
    json!({
        "url": "https://a.example/", "event_types": ["*"], "description": "a", "enabled": false, "metadata": {"a": "b"},
        "disabled_reason": "requested", "disabled_at": "2026-11-20T12:00:00.000000Z",
    }),
)]
#[case::taken_away(json!({"description": null}), json!({}))]
#[actix_web::test]
async fn a_webhook_is_changed(#[case] body: Value, #[case] different: Value) {
    let request = with_body(TestRequest::patch().uri(WEBHOOK_PATH), &body);

    let got = Bench::new()
        .over(updating("webhook.updated"))
        .send(request.insert_header(("if-match", "\"1\"")))
        .await;

    let different = changed(different, json!({"version": 2}));
    assert_eq!(got.status.as_u16(), 200);
    assert_eq!(got.json(), changed(shown(), different));
    assert_eq!(got.header("etag"), "\"2\"");
}

#[actix_web::test]
async fn a_webhook_is_deleted() {
    let got = Bench::new()
        .over(updating("webhook.deleted"))
        .send(TestRequest::delete().uri(WEBHOOK_PATH))
        .await;

    assert_eq!((got.status.as_u16(), got.bytes.len()), (204, 0));
}

#[actix_web::test]
async fn a_new_secret_is_shown_once_and_the_old_one_signs_for_a_day() {
    let path = format!("{WEBHOOK_PATH}/rotate-secret");

    let got = Bench::new()
        .over(updating("webhook.secret_rotated"))
        .send(TestRequest::post().uri(&path))
        .await;

    let different = json!({
        "secret": "whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=",
        "former_secret_until": "2026-11-21T12:00:00.000000Z",
        "version": 2,
    });
    assert_eq!(got.status.as_u16(), 200);
    assert_eq!(got.json(), changed(shown(), different));
}

#[rstest]
#[case::change(TestRequest::patch())]
#[case::deletion(TestRequest::delete())]
#[actix_web::test]
async fn a_version_that_the_client_has_not_seen_is_left_alone(#[case] request: TestRequest) {
    let request = with_body(request.uri(WEBHOOK_PATH), &json!({}));
    let uow = FakeUnitOfWork::default().with_webhook(stored_webhook());

    let got = Bench::new()
        .over(uow)
        .send(request.insert_header(("if-match", "\"7\"")))
        .await;

    assert_eq!(got.problem(), (412, "version_conflict".to_owned()));
}

#[rstest]
#[case(json!({"url": null}), "/url", "required")]
#[case(json!({"url": "https://10.0.0.1/"}), "/url", "unsupported_value")]
#[case(json!({"event_types": []}), "/event_types", "empty")]
#[case(json!({"enabled": null}), "/enabled", "required")]
#[case(json!({"enabled": 1}), "/enabled", "wrong_type")]
#[actix_web::test]
async fn a_wrong_field_is_told(#[case] body: Value, #[case] place: &str, #[case] code: &str) {
    let request = with_body(TestRequest::patch().uri(WEBHOOK_PATH), &body);

    let got = Bench::new().send(request).await;

    assert_eq!(got.faults(), [(place.to_owned(), code.to_owned())]);
}
