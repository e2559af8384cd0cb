//! One key, one effect, one answer.

use reqwest::Method;
use serde_json::json;
use tests::{Client, Stage, customer, invoice};

#[tokio::test]
async fn a_repeated_request_is_given_the_first_answer() {
    let client = Stage::client().await;
    let create = || client.post("/invoices", &invoice()).idempotency_key("k");
    let first = create().header("X-Request-Id", "one").await;
    let id = first.expect(201)["id"].as_str().unwrap().to_owned();
    client
        .patch(
            &format!("/invoices/{id}"),
            &json!({"notes": "changed since"}),
        )
        .await
        .expect(200);

    let second = create().header("X-Request-Id", "two").await;

    assert_eq!((second.status, &second.body), (201, &first.body));
    for name in ["location", "etag", "content-type"] {
        assert_eq!(second.header(name), first.header(name));
    }
    let marks = [&first, &second].map(|answer| answer.header("idempotency-replayed"));
    assert_eq!(marks, ["", "true"]);
    assert_eq!(second.header("x-request-id"), "two");
}

#[tokio::test]
async fn the_same_request_is_the_same_in_any_spelling() {
    let client = Stage::client().await;
    let post = |text: &str| {
        client
            .call(Method::POST, "/api/v1/customers")
            .idempotency_key("k")
            .text(text.to_owned())
    };
    let first = post(r#"{"name": "Ada", "email": null}"#).await;
    first.expect(201);

    let second = post("{ \"email\":null,\n \"name\":\"\\u0041da\" }").await;

    assert_eq!((second.status, second.body), (201, first.body));
}

#[tokio::test]
async fn a_key_stands_for_one_request() {
    let client = Stage::client().await;
    let id = client
        .post("/invoices", &invoice())
        .idempotency_key("k")
        .await
        .expect(201)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut other = invoice();
    other["items"][0]["quantity"] = json!(11);

    let answers = [
        client.post("/invoices", &other).idempotency_key("k").await,
        client
            .post("/customers", &customer())
            .idempotency_key("k")
            .await,
        client
            .patch(&format!("/invoices/{id}"), &invoice())
            .idempotency_key("k")
            .await,
    ];

    for answer in answers {
        assert_eq!(answer.verdict(), (422, "idempotency_key_reused".to_owned()));
        assert_eq!(answer.header("idempotency-replayed"), "");
    }
    let again = client
        .post("/invoices", &invoice())
        .idempotency_key("k")
        .await;
    assert_eq!(again.expect(201)["id"], id);
}

#[tokio::test]
async fn refusals_by_rules_are_remembered_with_the_request_id_of_the_first() {
    let client = Stage::client().await;
    let id = client.create("/invoices", &invoice()).await;
    let pay = || client.mark(&id, "paid").idempotency_key("k");
    let first = pay().header("X-Request-Id", "one").await;
    assert_eq!(
        first.verdict(),
        (422, "status_transition_forbidden".to_owned())
    );
    client.mark(&id, "sent").await.expect(200);

    let second = pay().header("X-Request-Id", "two").await;

    assert_eq!((second.status, second.body.clone()), (422, first.body));
    assert_eq!(
        (
            second.json()["request_id"].as_str(),
            second.header("x-request-id")
        ),
        (Some("one"), "two")
    );
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(second.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn refusals_for_other_reasons_are_not_remembered() {
    let client = Stage::client().await;
    let create = |body| client.post("/invoices", body).idempotency_key("k");
    let mut wrong = invoice();
    wrong["currency"] = json!("XXX");
    assert_eq!(create(&wrong).await.status, 400);
    assert_eq!(
        client
            .with_key("tsk_wrong")
            .post("/invoices", &invoice())
            .idempotency_key("k")
            .await
            .status,
        401
    );

    create(&invoice()).await.expect(201);
}

#[tokio::test]
async fn keys_are_printable_and_not_too_long() {
    let client = Stage::client().await;
    let (longest, too_long) = ("k".repeat(255), "k".repeat(256));
    for key in ["", " ", "\"\"", "a\tb", too_long.as_str()] {
        let answer = client
            .post("/customers", &customer())
            .idempotency_key(key)
            .await;
        assert_eq!(
            answer.verdict(),
            (400, "invalid_idempotency_key".to_owned()),
            "{key:?}"
        );
    }
    let twice = client
        .post("/customers", &customer())
        .idempotency_key("a")
        .idempotency_key("b")
        .await;
    assert_eq!(twice.verdict(), (400, "invalid_idempotency_key".to_owned()));
    for key in ["!", "~ a b", longest.as_str()] {
        client
            .post("/customers", &customer())
            .idempotency_key(key)
            .await
            .expect(201);
    }
}

#[tokio::test]
async fn a_secret_is_not_stored_with_the_answer_that_showed_it() {
    let stage = Stage::shared().await;
    let client = stage.tenant().await.at(&stage.service);
    let body = json!({"name": "shop", "scopes": ["invoices:read"]});
    let made = client
        .post("/api-keys", &body)
        .idempotency_key("k")
        .await
        .expect(201);
    let secret = made["secret"].as_str().unwrap();

    let statement = "SELECT count(*) FROM idempotency_keys WHERE position(convert_to($1, 'UTF8') IN answer) > 0";
    let stored = stage.service.database().count(statement, &[&secret]).await;

    assert_eq!(stored, 0, "the database holds the secret of an API key");
}

#[tokio::test]
async fn whoever_may_do_less_is_not_shown_the_secret_that_somebody_else_was() {
    let client = Stage::client().await;
    let less = json!({"name": "less", "scopes": ["keys:write"]});
    let less = client.post("/api-keys", &less).await.expect(201);
    let more = json!({"name": "shop", "scopes": ["*"]});
    let create = |client: &Client| client.post("/api-keys", &more).idempotency_key("shop");
    create(&client).await.expect(201);

    let refused = create(&client.with_key(less["secret"].as_str().unwrap())).await;

    assert_eq!(refused.verdict(), (403, "insufficient_scope".to_owned()));
    assert!(!refused.text().contains("tsk_"), "{}", refused.text());
}
