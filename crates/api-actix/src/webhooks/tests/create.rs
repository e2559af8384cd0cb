use actix_web::test::TestRequest;
use app::testing::{FakeUnitOfWork, out_of_reach};
use domain::webhooks::Reach;
use rstest::rstest;
use serde_json::{Value, json};

use super::{WEBHOOKS, changed, shown};
use crate::testing::{Bench, with_body};

/// Under an id of its own, so that the first id that is made is the webhook's.
fn creating(body: &Value) -> TestRequest {
    let request = TestRequest::post().uri(WEBHOOKS);
    with_body(request, body).insert_header(("x-request-id", "r-1"))
}

fn storing() -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default().announcing("webhook.created", 1);
    uow.webhooks.expect_insert().once().returning(|_| Ok(()));
    uow
}

const SECRET: &str = "whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";

#[rstest]
#[case::all_of_it(
    json!({
        "url": "https://shop.example/hooks", "event_types": ["invoice.*", "*", "invoice.*"],
        "description": " shop ", "enabled": false, "metadata": {"team": "billing"},
    }),
    json!({
        "event_types": ["invoice.*", "*"], "description": "shop", "enabled": false,
        "disabled_reason": "requested", "disabled_at": "2026-11-20T12:00:00.000000Z",
        "metadata": {"team": "billing"},
    }),
)]
#[case::what_it_needs(
    json!({"url": "https://shop.example/hooks", "event_types": ["invoice.*"]}),
    json!({}),
)]
#[case::null(
    json!({
        "url": "HTTPS://Shop.example:443/hooks", "event_types": ["invoice.*"], "description": null, "enabled": null,
        "metadata": null,
    }),
    json!({}),
)]
#[actix_web::test]
async fn a_webhook_is_made_and_its_secret_shown(#[case] body: Value, #[case] different: Value) {
    let got = Bench::new().over(storing()).send(creating(&body)).await;

    let id = "00000000-0000-0000-0000-000000000001";
    let made = changed(shown(), json!({"id": id, "secret": SECRET}));
    assert_eq!(got.status.as_u16(), 201);
    assert_eq!(got.json(), changed(made, different));
    assert_eq!(got.header("location"), format!("{WEBHOOKS}/{id}"));
    assert_eq!(got.header("etag"), "\"1\"");
}

#[rstest]
#[case::nothing(json!({}), &[("/event_types", "required"), ("/url", "required")])]
#[case::types(
    json!({"url": 1, "event_types": "*", "description": 2, "enabled": "true", "metadata": []}),
    &[
        ("/description", "wrong_type"),
        ("/enabled", "wrong_type"),
        ("/event_types", "wrong_type"),
        ("/metadata", "wrong_type"),
        ("/url", "wrong_type"),
    ],
)]
#[case::values(
    json!({"url": "http://shop.example/", "event_types": ["invoice", "*"], "description": " "}),
    &[
        ("/description", "empty"),
        ("/event_types/0", "invalid_format"),
        ("/url", "unsupported_value"),
    ],
)]
#[case::no_types(
    json!({"url": "no url", "event_types": []}),
    &[("/event_types", "empty"), ("/url", "invalid_format")],
)]
#[case::private(
    json!({"url": "https://169.254.169.254/latest/meta-data", "event_types": ["*"]}),
    &[("/url", "unsupported_value")],
)]
#[actix_web::test]
async fn all_that_is_wrong_is_told_at_once(#[case] body: Value, #[case] faults: &[(&str, &str)]) {
    let got = Bench::new().send(creating(&body)).await;

    let mut told = got.faults();
    told.sort_unstable();
    let faults: Vec<_> = faults
        .iter()
        .map(|(place, code)| ((*place).to_owned(), (*code).to_owned()))
        .collect();
    assert_eq!(got.problem().0, 400);
    assert_eq!(told, faults);
}

#[actix_web::test]
async fn a_field_that_there_is_not_is_refused() {
    let body = json!({"url": "https://shop.example/", "event_types": ["*"], "secret": "whsec_"});

    let got = Bench::new().send(creating(&body)).await;

    assert_eq!(got.problem(), (400, "unknown_field".to_owned()));
}

#[actix_web::test]
async fn a_developer_may_send_to_their_own_machine() {
    let body = json!({"url": "http://localhost:3000/hooks", "event_types": ["invoice.*"]});
    let bench = Bench::new().over(storing()).with(|parts| {
        parts.webhooks.reach = Reach {
            loopback: true,
            ..Reach::default()
        };
    });

    let got = bench.send(creating(&body)).await;

    assert_eq!(got.status.as_u16(), 201);
}

#[actix_web::test]
async fn a_failing_storage_is_told() {
    let mut uow = FakeUnitOfWork::default();
    uow.webhooks.expect_insert().returning(|_| out_of_reach());
    let body = json!({"url": "https://shop.example/hooks", "event_types": ["*"]});

    let got = Bench::new().over(uow).send(creating(&body)).await;

    assert_eq!(got.problem(), (503, "unavailable".to_owned()));
}
