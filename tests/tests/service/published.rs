//! What is published is what the contract of events says: one of everything happens, and each event is held against the
//! schema of its message.

mod payments;
mod vouchers;

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use tests::{
    Client, Database, Manner, Receiver, Setup, Tenant, assert_every_change_is_told, customer,
    eventually, invoice, line,
};

const TOTAL_MAX: i64 = 200_000;

#[tokio::test]
async fn one_of_everything_is_published_as_the_contract_says() {
    let database = Database::fresh().await;
    let setup = payments::hasty(Setup::on(&database))
        .reaching_home()
        .and_role("validator")
        .with("REVIEW__TOTAL_MINOR_MAX", TOTAL_MAX);
    let service = setup.start().await;
    let client = Tenant::on(&database).await.at(&service);
    let contract = client.call(Method::GET, "/asyncapi.json").await.expect(200);

    change_the_organization(&client).await;
    live_through_invoices(&client).await;
    move_money(&client).await;
    come_and_go(&client).await;
    subscribe(&client).await;
    payments::pay(&client).await;
    vouchers::discount(&client).await;

    let expected = types(&contract);
    let events = eventually("everything is published", async || {
        let events = feed(&client).await;
        expected.is_subset(&types_of(&events)).then_some(events)
    })
    .await;
    assert_eq!(types_of(&events), expected);
    for event in events {
        let faults = faults(&contract, &event);
        assert!(faults.is_empty(), "{faults:#?} in {event:#}");
    }
    assert_every_change_is_told(&database).await;
}

/// What takes a provider that is away when it is asked.
const RARE: [&str; 2] = ["payment.checked", "refund.checked"];

/// Every other type of the log that the contract knows.
fn types(contract: &Value) -> BTreeSet<String> {
    let channels = contract["channels"].as_object().unwrap().values();
    let of_log = channels.filter(|channel| channel["address"].is_string());
    of_log
        .flat_map(|channel| channel["messages"].as_object().unwrap().keys().cloned())
        .filter(|name| !RARE.contains(&name.as_str()))
        .collect()
}

fn types_of(events: &[Value]) -> BTreeSet<String> {
    let name = |event: &Value| event["type"].as_str().unwrap().to_owned();
    events.iter().map(name).collect()
}

/// All events, from the beginning.
async fn feed(client: &Client) -> Vec<Value> {
    let mut events = Vec::new();
    let mut path = "/events?limit=100".to_owned();
    loop {
        let piece = client.get(&path).await.expect(200);
        events.extend(piece["data"].as_array().unwrap().iter().cloned());
        if piece["has_more"] != true {
            return events;
        }
        let cursor = piece["next_cursor"].as_str().unwrap();
        path = format!("/events?limit=100&cursor={cursor}");
    }
}

/// What is wrong with an event, by the schema of its message.
pub(crate) fn faults(contract: &Value, event: &Value) -> Vec<String> {
    let name = event["type"].as_str().unwrap();
    let schema = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$ref": format!("#/components/messages/{name}/payload"),
        "components": contract["components"],
    });
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors = validator.iter_errors(event);
    errors
        .map(|it| format!("{}: {it}", it.instance_path()))
        .collect()
}

async fn change_the_organization(client: &Client) {
    let name = json!({"legal_name": "Muster AG"});
    client.patch("/organization", &name).await.expect(200);
    let key = json!({"name": "till", "scopes": ["invoices:read"]});
    let key = client.create("/api-keys", &key).await;
    assert_eq!(client.delete(&format!("/api-keys/{key}")).await.status, 204);

    let path = format!(
        "/customers/{}",
        client.create("/customers", &customer()).await
    );
    client
        .patch(&path, &json!({"name": "Ada"}))
        .await
        .expect(200);
    assert_eq!(client.delete(&path).await.status, 204);
}

/// No two of these look the same, and one is too dear.
async fn live_through_invoices(client: &Client) {
    let lives: [&[&str]; 4] = [
        &["sent", "viewed", "overdue", "paid"],
        &["sent", "cancelled"],
        &[],
        &[],
    ];
    let mut last = String::new();
    for (number, life) in (1..).zip(lives) {
        let dear = if number == 4 { TOTAL_MAX } else { 0 };
        let mut body = invoice();
        body["items"] = json!([line(1, dear + number, 1_600)]);
        last = client.create("/invoices", &body).await;
        reviewed(client, &last).await;
        for status in life {
            client.mark(&last, status).await.expect(200);
        }
    }
    let path = format!("/invoices/{last}");
    client
        .patch(&path, &json!({"notes": "x"}))
        .await
        .expect(200);
    assert_eq!(client.delete(&path).await.status, 204);
}

async fn reviewed(client: &Client, id: &str) {
    eventually("the invoice is reviewed", async || {
        let shown = client.get(&format!("/invoices/{id}")).await.expect(200);
        (shown["review"]["status"] != "pending").then_some(())
    })
    .await;
}

async fn move_money(client: &Client) {
    let account =
        json!({"owner": "ada", "name": "Ada's", "currency": "USD", "initial_balance_minor": 1_000});
    let opened = client.post("/accounts", &account).idempotency_key("ada");
    let ada = opened.await.expect(201)["id"].as_str().unwrap().to_owned();
    let account = json!({"owner": "bob", "name": "Bob's", "currency": "USD"});
    let bob = client.create("/accounts", &account).await;
    let hold = |seconds: i64| {
        json!({
            "account_id": ada, "destination_account_id": bob, "amount_minor": 10, "currency": "USD",
            "expires_in_seconds": seconds,
        })
    };
    place(client, &hold(1), "expires").await;
    for (key, end) in [("captured", "capture"), ("voided", "void")] {
        let id = place(client, &hold(3_600), key).await;
        client
            .post(&format!("/holds/{id}/{end}"), &json!({}))
            .idempotency_key(end)
            .await
            .expect(200);
    }
    let path = format!("/accounts/{bob}");
    client.patch(&path, &json!({"name": "B"})).await.expect(200);
    let empty = client.create("/accounts", &account).await;
    let closed = json!({"status": "closed"});
    let path = format!("/accounts/{empty}");
    client.patch(&path, &closed).await.expect(200);
}

async fn place(client: &Client, hold: &Value, key: &str) -> String {
    let placed = client.post("/holds", hold).idempotency_key(key).await;
    placed.expect(201)["id"].as_str().unwrap().to_owned()
}

async fn come_and_go(client: &Client) {
    let user = json!({"username": "ada1815", "name": "Ada", "dni": "12345678", "currency": "PEN"});
    let path = format!("/users/{}", client.create("/users", &user).await);
    client
        .patch(&path, &json!({"name": "Ada King"}))
        .await
        .expect(200);
    assert_eq!(client.delete(&path).await.status, 204);
}

/// At an address that nobody has: what is sent there does not matter. Somewhere else nothing is wanted any more.
async fn subscribe(client: &Client) {
    let gone = Receiver::start(Manner::Answers("410 Gone")).await;
    let webhook = json!({"url": gone.url(), "event_types": ["invoice.sent"]});
    let webhook = client.create("/webhooks", &webhook).await;
    let test = format!("/webhooks/{webhook}/test");
    let sent = client.post(&test, &json!({})).await;
    assert!(sent.status < 300, "{}", sent.text());
    eventually("the webhook is disabled", async || {
        let shown = client
            .get(&format!("/webhooks/{webhook}"))
            .await
            .expect(200);
        (shown["disabled_reason"] == "gone").then_some(())
    })
    .await;

    let webhook = json!({"url": "https://hooks.example/tallystick", "event_types": ["webhook.*"]});
    let path = format!("/webhooks/{}", client.create("/webhooks", &webhook).await);
    let described = json!({"description": "x"});
    client.patch(&path, &described).await.expect(200);
    let rotated = client
        .post(&format!("{path}/rotate-secret"), &json!({}))
        .await;
    assert!(rotated.status < 300, "{}", rotated.text());
    assert_eq!(client.delete(&path).await.status, 204);
}
