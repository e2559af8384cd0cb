//! Everything that happens to payments and their refunds.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Setup, eventually, invoice, line};

/// Workers that are as patient as a test.
pub(super) fn hasty(setup: Setup) -> Setup {
    setup
        .and_role("worker")
        .with("PROVIDERS__SIMULATOR__ENABLED", true)
        .with("PAYMENTS__ATTEMPTS_MAX", 2)
        .with("PAYMENTS__RETRY_FIRST_MS", 50)
        .with("PAYMENTS__CHECKS_S", 1)
        .with("PAYMENTS__CALL_LIMIT_MS", 1_000)
        .with("PAYMENTS__BREAKER_CALLS_MIN", 1_000)
}

/// One that goes well, ones that do not, and what is given back of the first.
pub(super) async fn pay(client: &Client) {
    let account = json!({"owner": "till", "name": "Till", "currency": "USD"});
    let account = client.create("/accounts", &account).await;
    let paid = charge(client, &charge_of(&account, "success"), "paid").await;
    comes_to_be(client, &format!("/payments/{paid}"), "completed").await;

    for (key, simulate, end) in [
        ("refund", "success", "completed"),
        ("refund-flaky", "flaky:1", "completed"),
        ("refund-timeout", "timeout", "completed"),
        ("refund-dead", "flaky:3", "failed"),
    ] {
        let refund = json!({"amount_minor": 10, "metadata": {"simulate": simulate}});
        let path = format!("/payments/{paid}/refunds");
        let accepted = client.post(&path, &refund).idempotency_key(key).await;
        let id = accepted.json()["id"].as_str().unwrap().to_owned();
        refund_comes_to_be(client, &path, (&id, end)).await;
    }
    for (key, simulate, end) in [
        ("timeout", "timeout", "completed"),
        ("dead", "flaky:3", "failed"),
    ] {
        let id = charge(client, &charge_of(&account, simulate), key).await;
        comes_to_be(client, &format!("/payments/{id}"), end).await;
    }
    try_the_dead_again(client).await;
    call_one_off(client, &account).await;
    settle_an_invoice(client, &account).await;
}

fn charge_of(account: &str, simulate: &str) -> Value {
    json!({
        "payment_type": "external_payment", "direction": "charge", "provider": "simulator",
        "destination_account_id": account, "amount_minor": 100, "currency": "USD",
        "metadata": {"simulate": simulate},
    })
}

async fn charge(client: &Client, body: &Value, key: &str) -> String {
    let accepted = client.post("/payments", body).idempotency_key(key).await;
    accepted.expect(202)["id"].as_str().unwrap().to_owned()
}

async fn comes_to_be(client: &Client, path: &str, status: &str) {
    eventually(format!("{path} is {status}"), async || {
        let shown = client.get(path).await.expect(200);
        (shown["status"] == status).then_some(())
    })
    .await;
}

async fn refund_comes_to_be(client: &Client, path: &str, (id, status): (&str, &str)) {
    eventually(format!("refund {id} is {status}"), async || {
        let refunds = client.get(path).await.expect(200);
        let mut refunds = refunds["data"].as_array().unwrap().iter();
        let is_it = |it: &&Value| it["id"] == id && it["status"] == status;
        refunds.find(is_it).map(drop)
    })
    .await;
}

async fn try_the_dead_again(client: &Client) {
    let letters = client.get("/dead-letters").await.expect(200);
    let letters = letters["data"].as_array().unwrap();
    assert_eq!(letters.len(), 2, "{letters:?}");
    for letter in letters {
        let path = format!("/dead-letters/{}/retry", letter["id"].as_str().unwrap());
        let answer = client.post(&path, &json!({})).await;
        assert!(answer.status < 300, "{}", answer.text());
    }
}

/// Whoever is quicker, the client or a worker: until it is the client.
async fn call_one_off(client: &Client, account: &str) {
    let mut attempt = 0;
    eventually("a client is quicker than a worker", async || {
        attempt += 1;
        let body = charge_of(account, "outage");
        let id = charge(client, &body, &format!("cancelled-{attempt}")).await;
        let path = format!("/api/v1/payments/{id}/cancel");
        let answer = client.call(Method::POST, &path).json(&json!({})).await;
        (answer.status == 200).then_some(())
    })
    .await;
}

async fn settle_an_invoice(client: &Client, account: &str) {
    let mut body = invoice();
    body["items"] = json!([line(1, 77_777, 0)]);
    body["currency"] = "USD".into();
    let id = client.create("/invoices", &body).await;
    client.mark(&id, "sent").await.expect(200);
    let mut body = charge_of(account, "success");
    body["invoice_id"] = id.into();
    let payment = charge(client, &body, "settles").await;
    comes_to_be(client, &format!("/payments/{payment}"), "completed").await;
    let path = format!("/payments/{payment}/refunds");
    let refund = client
        .post(&path, &json!({}))
        .idempotency_key("reopens")
        .await;
    assert!(refund.status < 300, "{}", refund.text());
    comes_to_be(client, &format!("/payments/{payment}"), "refunded").await;
}
