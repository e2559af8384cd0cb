//! One key, one effect, one answer.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use reqwest::Method;
use serde_json::json;
use tests::{Client, Database, Setup, Stage, Tenant, customer, day, invoice};

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

/// What is asked in a query and in headers is not of the request that a key stands for, but it has to be right.
#[tokio::test]
async fn a_malformed_repeat_is_refused_and_not_answered() {
    let client = Stage::client().await;
    let body = invoice();
    let draft = client.post("/invoices", &body).idempotency_key("k").await;
    let id = draft.expect(201)["id"].as_str().unwrap().to_owned();
    let (path, change) = (format!("/invoices/{id}"), json!({"notes": "changed"}));
    let changed = client.patch(&path, &change).idempotency_key("c").await;
    changed.expect(200);
    let text = body.to_string();
    let twice = text.replacen('{', r#"{"notes": "Thank you.", "#, 1);

    let post = |path: &str| client.post(path, &body).idempotency_key("k");
    let edit = |path: &str| client.patch(path, &change).idempotency_key("c");
    let misspelt = client.call(Method::POST, "/api/v1/invoices").text(twice);
    let repeats = [
        post("/invoices?typo=1"),
        post("/invoices").header("If-None-Match", "3"),
        misspelt.idempotency_key("k"),
        edit(&format!("{path}?typo=1")),
        edit(&path).header("If-Match", "3"),
    ];

    let mut codes = Vec::new();
    for repeat in repeats {
        let answer = repeat.await;
        assert_eq!(answer.header("idempotency-replayed"), "");
        codes.push(answer.verdict());
    }
    let expected = [
        "unknown_parameter",
        "invalid_header",
        "duplicate_field",
        "unknown_parameter",
        "invalid_header",
    ];
    assert_eq!(codes, expected.map(|code| (400, code.to_owned())));
    for again in [post("/invoices").await, edit(&path).await] {
        assert_eq!(again.header("idempotency-replayed"), "true");
    }
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

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "the clocks of the services are set by the real one"
)]
async fn what_was_right_when_it_was_asked_for_first_is_answered_again_when_the_day_is_over() {
    let database = Database::fresh().await;
    let now = Timestamp::now();
    let midnight = now.to_zoned(TimeZone::UTC).start_of_day().unwrap();
    let noon = midnight.timestamp() + SignedDuration::from_hours(12);
    let service_at = async |instant: Timestamp| {
        let offset = instant.duration_since(now).as_secs();
        let setup = Setup::on(&database).with("CLOCK__OFFSET_SECONDS", offset);
        setup.start().await
    };
    let first = service_at(noon).await;
    let tenant = Tenant::on(&database).await;
    let client = tenant.at(&first);
    let mut due_today = invoice();
    due_today["due_date"] = json!(day(0));
    let id = client.create("/invoices", &invoice()).await;
    let soon = noon + SignedDuration::from_hours(1);
    let key = json!({"name": "shop", "scopes": ["*"], "expires_at": soon.to_string()});
    let ask = async |client: &Client, key_use: &str| {
        let draft = client.post("/invoices", &due_today);
        let edit = client.patch(&format!("/invoices/{id}"), &due_today);
        let make_key = client.post("/api-keys", &key);
        [
            draft.idempotency_key(&format!("draft {key_use}")).await,
            edit.idempotency_key(&format!("edit {key_use}")).await,
            make_key.idempotency_key(&format!("key {key_use}")).await,
        ]
    };
    let before = ask(&client, "1").await;
    let next_morning = service_at(noon + SignedDuration::from_hours(18)).await;
    let client = tenant.at(&next_morning);

    let again = ask(&client, "1").await;
    let anew = ask(&client, "2").await;

    assert_eq!(
        [201, 200, 201],
        before.each_ref().map(|answer| answer.status)
    );
    for (before, again) in before.iter().zip(&again) {
        assert_eq!((again.status, &again.body), (before.status, &before.body));
        assert_eq!(again.header("idempotency-replayed"), "true");
    }
    for answer in anew {
        assert_eq!(answer.verdict(), (400, "validation_failed".to_owned()));
    }
}
