//! Receivers of every sort, and a service that is killed while it sends.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use crate::audit::{assert_books, assert_no_long_transaction};
use serde_json::{Value, json};
use tests::{Client, Database, Manner, Received, Receiver, Service, Setup, Tenant, eventually};

async fn stage() -> (Service, Client) {
    let database = Database::fresh().await;
    let service = Setup::on(&database).reaching_home().start().await;
    let client = Tenant::on(&database).await.at(&service);
    (service, client)
}

async fn webhook(client: &Client, url: &str) -> String {
    let body = json!({"url": url, "event_types": ["customer.*"]});
    client.create("/webhooks", &body).await
}

/// The last attempt of the only delivery, once there was one.
async fn attempted(client: &Client, webhook: &str) -> Value {
    let path = format!("/webhooks/{webhook}/deliveries");
    eventually("an attempt", async || {
        let deliveries = client.get(&path).await.expect(200);
        let first = &deliveries["data"][0];
        (!first["last_attempt"].is_null()).then(|| first.clone())
    })
    .await
}

#[tokio::test]
async fn what_receivers_answer_is_seen_and_none_of_them_harms_another() {
    let (_service, client) = stage().await;
    let mut webhooks = Vec::new();
    let manners = [
        Manner::Hangs,
        Manner::Answers("204 No Content"),
        Manner::Answers("410 Gone"),
        Manner::Answers("302 Found\r\nlocation: http://127.0.0.1:1/"),
        Manner::Floods,
        Manner::Answers("500 Internal Server Error"),
    ];
    for manner in manners {
        let receiver = Receiver::start(manner).await;
        let id = webhook(&client, &receiver.url()).await;
        webhooks.push((receiver, id));
    }

    client.create("/customers", &json!({"name": "Ada"})).await;

    let mut seen = Vec::new();
    for (_, id) in &webhooks[1..] {
        let delivery = attempted(&client, id).await;
        let status = delivery["last_attempt"]["response_status"].clone();
        seen.push((delivery["state"].clone(), status));
    }
    let expected = [
        ("delivered", 204),
        ("failed", 410),
        ("pending", 302),
        ("delivered", 200),
        ("pending", 500),
    ];
    let expected = expected.map(|(state, status)| (json!(state), json!(status)));
    assert_eq!(seen, expected);
    let gone = client.get(&format!("/webhooks/{}", webhooks[2].1)).await;
    assert_eq!(gone.expect(200)["disabled_reason"], "gone");
    let silent = attempted(&client, &webhooks[0].1).await;
    assert_eq!(silent["last_attempt"]["error"], "timed_out");
}

const PENDING: &str = "SELECT count(*) FROM webhook_deliveries WHERE state = 'pending'";

#[tokio::test]
async fn no_transaction_is_open_while_receivers_are_waited_for() {
    let database = Database::fresh().await;
    let service = Setup::on(&database).reaching_home().start().await;
    let client = Tenant::on(&database).await.at(&service);
    let receiver = Receiver::start(Manner::Hangs).await;
    webhook(&client, &receiver.url()).await;

    for _ in 0..4 {
        client.create("/customers", &json!({"name": "Ada"})).await;
    }
    eventually("all are under way", async || {
        (receiver.received().len() == 4).then_some(())
    })
    .await;
    let sent = Instant::now();
    let mut looks = 0;
    eventually("they have hung for long enough", async || {
        looks += 1;
        assert_no_long_transaction(&database).await;
        (sent.elapsed() > Duration::from_secs(4)).then_some(())
    })
    .await;

    assert!(looks > 1);
    assert_eq!(database.count(PENDING, &[]).await, 4);
}

#[tokio::test]
async fn nothing_is_sent_inside_and_nothing_can_be_named_there() {
    let database = Database::fresh().await;
    let open = Setup::on(&database).reaching_home().start().await;
    let tenant = Tenant::on(&database).await;
    let receiver = Receiver::start(Manner::Answers("200 OK")).await;
    let id = webhook(&tenant.at(&open), &receiver.url()).await;
    drop(open);

    let closed = Setup::on(&database).start().await;
    let client = tenant.at(&closed);
    let body = json!({"url": receiver.url(), "event_types": ["*"]});
    let refused = client.post("/webhooks", &body).await;
    client.create("/customers", &json!({"name": "Ada"})).await;
    let delivery = attempted(&client, &id).await;

    assert_eq!(refused.expect(400)["errors"][0]["pointer"], "/url");
    assert_eq!(delivery["last_attempt"]["error"], "address_refused");
    assert_eq!(receiver.received().len(), 0);
}

fn subjects(received: &[Received]) -> BTreeSet<String> {
    let subjects = received.iter().map(|it| it.event["subject"].as_str());
    subjects.flatten().map(str::to_owned).collect()
}

/// Twice the service is killed while it sends; what was answered to the client arrives in the end, at least once.
#[tokio::test]
async fn what_happened_arrives_although_the_service_is_killed() {
    let database = Database::fresh().await;
    let mut service = Setup::on(&database).reaching_home().start().await;
    let tenant = Tenant::on(&database).await;
    let receiver = Receiver::start(Manner::Answers("200 OK")).await;
    let id = webhook(&tenant.at(&service), &receiver.url()).await;
    let mut made = BTreeSet::new();

    for _ in 0..2 {
        let client = tenant.at(&service);
        let before = receiver.received().len();
        for _ in 0..50 {
            made.insert(client.create("/customers", &json!({"name": "Ada"})).await);
        }
        eventually("some arrive", async || {
            (receiver.received().len() > before).then_some(())
        })
        .await;
        service.kill();
        // What it held is taken over when it is taken for dead, and that need not be waited for here.
        let death = "UPDATE webhook_lanes SET held_until = now() - interval '1 hour'";
        let admin = database.connect().await;
        admin.execute(death, &[]).await.expect("the table is there");
        service = Setup::on(&database).reaching_home().start().await;
    }

    eventually("all have arrived", async || {
        (subjects(&receiver.received()) == made).then_some(())
    })
    .await;
    let ids: BTreeSet<_> = receiver.received().into_iter().map(|it| it.id).collect();
    assert_eq!(ids.len(), made.len(), "what came again came under its id");
    let client = tenant.at(&service);
    eventually("all are delivered", async || {
        let pending = "SELECT count(*) FROM webhook_deliveries WHERE state <> 'delivered'";
        (database.count(pending, &[]).await == 0).then_some(())
    })
    .await;
    let past = json!({"since": "2020-01-01T00:00:00Z"});
    let before = receiver.received().len();
    let replay = client.post(&format!("/webhooks/{id}/replay"), &past).await;
    replay.expect(202);
    eventually("all arrive again", async || {
        (receiver.received().len() >= before + made.len()).then_some(())
    })
    .await;
    assert_books(&client, &database).await;
}
