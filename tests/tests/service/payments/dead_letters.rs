//! What was given up: listed, tried again, forgotten; by those who may.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, eventually};

use super::{Till, but, comes_to_be};
use crate::form::fresh_key;

const UNKNOWN: &str = "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24";

/// The one dead letter that there is.
async fn letter(client: &Client) -> Value {
    eventually("there is a dead letter", async || {
        let listed = client.get("/dead-letters").await.expect(200);
        listed["data"].as_array().unwrap().first().cloned()
    })
    .await
}

/// A charge of 100 that is given up, and what its dead letter is called. It would succeed at the fourth call.
async fn given_up(till: &Till) -> (String, String) {
    let body = but(
        till.charge(100),
        json!({"metadata": {"simulate": "flaky:3"}}),
    );
    let id = till.paid(&body, "failed").await;
    let letter = letter(&till.client).await;
    assert_eq!(letter["payment_id"], id.as_str());
    (id, letter["id"].as_str().unwrap().to_owned())
}

fn retry(client: &Client, id: &str) -> tests::Call {
    client.post(&format!("/dead-letters/{id}/retry"), &json!({}))
}

fn types(letter: &Value) -> Vec<&str> {
    let story = letter["story"].as_array().unwrap().iter();
    story.map(|it| it["type"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_payment_that_was_given_up_is_listed_with_its_story() {
    let till = Till::with(0).await;

    given_up(&till).await;

    let letter = letter(&till.client).await;
    assert_eq!(
        (
            &letter["refund_id"],
            &letter["attempts"],
            &letter["amount_minor"]
        ),
        (&Value::Null, &json!(2), &json!(100))
    );
    let expected = [
        "payment.created",
        "payment.processing",
        "payment.retry_scheduled",
        "payment.processing",
        "payment.failed",
    ];
    assert_eq!(types(&letter), expected);
}

#[tokio::test]
async fn a_refund_that_was_given_up_tells_of_its_own_attempts() {
    let till = Till::with(0).await;
    let paid = till.paid(&till.charge(100), "completed").await;
    let body = json!({"amount_minor": 10, "metadata": {"simulate": "flaky:3"}});
    let refund = till.refund(&paid, &body).await.expect(202);

    let letter = letter(&till.client).await;

    assert_eq!(letter["refund_id"], refund["id"]);
    let own: Vec<_> = types(&letter)
        .into_iter()
        .filter(|it| it.starts_with("refund."))
        .collect();
    let expected = [
        "refund.created",
        "refund.processing",
        "refund.retry_scheduled",
        "refund.processing",
        "refund.failed",
    ];
    assert_eq!(own, expected);
}

#[tokio::test]
async fn what_was_given_up_is_tried_again_once_per_key() {
    let till = Till::with(0).await;
    let (payment, id) = given_up(&till).await;

    let first = retry(&till.client, &id).idempotency_key("again").await;
    let again = retry(&till.client, &id).idempotency_key("again").await;
    let other = retry(&till.client, &id).idempotency_key("other").await;

    assert_eq!(first.expect(202)["id"], id.as_str());
    assert_eq!((again.status, &again.body), (202, &first.body));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(
        again.header("location"),
        format!("/api/v1/payments/{payment}")
    );
    assert_eq!(other.verdict(), (404, "not_found".to_owned()));
    comes_to_be(&till.client, &format!("/payments/{payment}"), "completed").await;
    assert_eq!(till.on(&till.empty).await, (100, 0));
}

#[tokio::test]
async fn what_was_given_up_is_forgotten_once_and_stays_failed() {
    let till = Till::with(0).await;
    let (payment, id) = given_up(&till).await;
    let path = format!("/dead-letters/{id}");

    let first = till.client.delete(&path).await;
    let again = till.client.delete(&path).await;

    assert_eq!((first.status, first.body.len()), (204, 0));
    assert_eq!(again.verdict(), (404, "not_found".to_owned()));
    assert_eq!(retry(&till.client, &id).await.status, 404);
    let payment = till.client.get(&format!("/payments/{payment}")).await;
    assert_eq!(payment.expect(200)["status"], "failed");
}

#[tokio::test]
async fn dead_letters_of_others_do_not_exist() {
    let (till, others) = (Till::with(0).await, Till::with(0).await);
    let (_, theirs) = given_up(&others).await;

    let listed = till.client.get("/dead-letters").await.expect(200);
    let mut answers = Vec::new();
    for id in [theirs.as_str(), UNKNOWN] {
        answers.push(retry(&till.client, id).await);
        answers.push(till.client.delete(&format!("/dead-letters/{id}")).await);
    }

    assert_eq!(listed["data"], json!([]));
    for answer in answers {
        assert_eq!(
            answer.verdict(),
            (404, "not_found".to_owned()),
            "{}",
            answer.text()
        );
    }
    assert_eq!(letter(&others.client).await["id"], theirs.as_str());
}

#[tokio::test]
async fn an_id_that_is_none_is_a_bad_request() {
    let till = Till::with(0).await;

    let answers = [
        retry(&till.client, "x").await,
        till.client.delete("/dead-letters/x").await,
    ];

    for answer in answers {
        assert_eq!(answer.verdict(), (400, "invalid_parameter".to_owned()));
        assert_eq!(
            answer.faults(),
            [("id".to_owned(), "invalid_format".to_owned())]
        );
    }
}

#[tokio::test]
async fn what_was_given_up_is_for_those_who_may_write_payments() {
    let till = Till::with(0).await;
    let (_, id) = given_up(&till).await;
    let key = json!({"name": "reader", "scopes": ["payments:read", "transfers:write"]});
    let key = till
        .client
        .post("/api-keys", &key)
        .idempotency_key(&fresh_key());
    let key = key.await.expect(201);
    let reader = till.client.with_key(key["secret"].as_str().unwrap());

    let answers = [
        reader.get("/dead-letters").await,
        retry(&reader, &id).await,
        reader
            .call(Method::DELETE, &format!("/api/v1/dead-letters/{id}"))
            .await,
    ];

    for answer in answers {
        assert_eq!(answer.verdict(), (403, "insufficient_scope".to_owned()));
    }
    assert_eq!(letter(&till.client).await["id"], id.as_str());
}
