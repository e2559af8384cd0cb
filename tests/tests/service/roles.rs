//! Roles that run alone, as in `deploy/compose.yaml`.

use serde_json::json;
use tests::{Client, Database, Manner, Receiver, Service, Setup, Tenant, customer, eventually};

/// An API and a relay, with another role as a process of its own.
async fn stage(role: &'static str) -> (Vec<Service>, Client) {
    let database = Database::fresh().await;
    let setup = Setup::on(&database).reaching_home();
    let mut services = Vec::new();
    for role in ["api", "relay", role] {
        services.push(setup.clone().in_role(role).start().await);
    }
    let client = Tenant::on(&database).await.at(&services[0]);
    (services, client)
}

#[tokio::test]
async fn a_scheduler_alone_lets_holds_expire() {
    let (_services, client) = stage("scheduler").await;
    let mut accounts = Vec::new();
    for owner in ["ada", "bob"] {
        let body = json!({"owner": owner, "currency": "USD", "overdraft_limit_minor": 100});
        accounts.push(client.create("/accounts", &body).await);
    }
    let [ada, bob] = accounts.try_into().unwrap();
    let body = json!({
        "account_id": ada,
        "destination_account_id": bob,
        "amount_minor": 1,
        "currency": "USD",
        "expires_in_seconds": 1,
    });

    let placed = client.post("/holds", &body).idempotency_key("hold").await;
    let path = format!("/holds/{}", placed.expect(201)["id"].as_str().unwrap());

    eventually("the hold expires", async || {
        let hold = client.get(&path).await.expect(200);
        (hold["status"] == "expired").then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_process_with_nothing_but_webhooks_delivers_them() {
    let (_services, client) = stage("webhooks").await;
    let receiver = Receiver::start(Manner::Answers("204 No Content")).await;
    let body = json!({"url": receiver.url(), "event_types": ["customer.*"]});
    client.create("/webhooks", &body).await;

    let customer = client.create("/customers", &customer()).await;

    let event = eventually("the event is delivered", async || {
        receiver.received().into_iter().next()
    })
    .await
    .event;
    assert_eq!(event["subject"], json!(customer));
}
