//! Receivers of webhooks, and what they are told.

use std::collections::BTreeMap;

use cucumber::{given, then, when};
use serde_json::{Value, json};
use tests::{Database, Manner, Received, Receiver, Service, Setup, Tenant, eventually};
use tokio::sync::OnceCell;

use crate::shop::{Request, Shop};

/// A service that sends events out, to this machine as well, on a database of its own.
static TELLING: OnceCell<Service> = OnceCell::const_new();

/// Who is told of events.
#[derive(Debug, Default)]
pub(crate) struct Audience {
    listeners: BTreeMap<String, Listener>,
    /// What the last step was about.
    messages: Vec<Received>,
}

#[derive(Debug)]
struct Listener {
    receiver: Receiver,
    webhook: String,
    /// The newest last.
    secrets: Vec<String>,
}

impl Audience {
    fn listener(&self, name: &str) -> &Listener {
        self.listeners.get(name).expect("there is such a listener")
    }
}

impl Listener {
    fn path(&self) -> String {
        format!("/webhooks/{}", self.webhook)
    }

    /// What it was told of something, once that is so many messages.
    async fn told(&self, (event_type, subject): (&str, &str), count: usize) -> Vec<Received> {
        let is_it =
            |it: &Received| it.event["type"] == event_type && it.event["subject"] == subject;
        eventually(format!("{event_type} arrives {count} times"), async || {
            let mut received = self.receiver.received();
            received.retain(is_it);
            (received.len() >= count).then_some(received)
        })
        .await
    }
}

pub(crate) async fn telling() -> &'static Service {
    let start = async || {
        let setup = Setup::on(&Database::fresh().await).reaching_home();
        setup.start().await
    };
    TELLING.get_or_init(start).await
}

#[given("an organization whose events are sent out")]
async fn open(shop: &mut Shop) {
    let service = telling().await;
    shop.tenant = Tenant::on(service.database()).await;
    shop.client = shop.tenant.at(service);
    shop.reader = shop.client.clone();
}

#[given(
    regex = r#"^"(\w+)"(?:, who (never answers|refuses everything|has gone for good),)? is told of "([^"]+)"$"#
)]
async fn arrange(shop: &mut Shop, name: String, habit: String, types: String) {
    let manner = match habit.as_str() {
        "never answers" => Manner::Hangs,
        "refuses everything" => Manner::Answers("503 Service Unavailable"),
        "has gone for good" => Manner::Answers("410 Gone"),
        _ => Manner::Answers("204 No Content"),
    };
    let receiver = Receiver::start(manner).await;
    let body = json!({"url": receiver.url(), "event_types": [types]});
    let made = shop.arrange(Request::post("/webhooks", body)).await;
    let text = |field: &str| made[field].as_str().expect("a text").to_owned();
    let listener = Listener {
        receiver,
        webhook: text("id"),
        secrets: vec![text("secret")],
    };
    shop.audience.listeners.insert(name, listener);
}

#[given(regex = r#"^"(\w+)" is switched (on|off)$"#)]
#[when(regex = r#"^"(\w+)" is switched (on|off)$"#)]
async fn switch(shop: &mut Shop, name: String, state: String) {
    let path = shop.audience.listener(&name).path();
    let body = json!({"enabled": state == "on"});
    shop.arrange(Request::patch(path, body)).await;
}

#[when(expr = "{string} is given a new secret")]
async fn rotate(shop: &mut Shop, name: String) {
    let path = format!("{}/rotate-secret", shop.audience.listener(&name).path());
    let answer = shop.arrange(Request::post(path, json!({}))).await;
    let secret = answer["secret"].as_str().expect("a secret").to_owned();
    let listener = shop.audience.listeners.get_mut(&name);
    listener
        .expect("there is such a listener")
        .secrets
        .push(secret);
}

#[when(expr = "everything since then is sent to {string} again")]
async fn replay(shop: &mut Shop, name: String) {
    let customer = shop.client.get(&format!("/customers/{}", shop.customer()));
    let since = customer.await.expect(200)["created_at"].clone();
    let path = format!("{}/replay", shop.audience.listener(&name).path());
    shop.arrange(Request::post(path, json!({"since": since})))
        .await;
}

#[given(expr = "{string} was told {string} of that customer")]
#[then(expr = "{string} is told {string} of that customer")]
async fn is_told(shop: &mut Shop, name: String, event_type: String) {
    let listener = shop.audience.listener(&name);
    let what = (event_type.as_str(), shop.customer());
    shop.audience.messages = listener.told(what, 1).await;
}

#[then(expr = "{string} is told {string} of that customer twice")]
async fn is_told_twice(shop: &mut Shop, name: String, event_type: String) {
    let listener = shop.audience.listener(&name);
    let what = (event_type.as_str(), shop.customer());
    shop.audience.messages = listener.told(what, 2).await;
}

#[then(expr = "{string} was told nothing else")]
fn was_told_nothing_else(shop: &mut Shop, name: String) {
    let received = shop.audience.listener(&name).receiver.received();
    assert_eq!(received.len(), shop.audience.messages.len(), "{received:?}");
}

#[then("both messages have the same id")]
fn have_the_same_id(shop: &mut Shop) {
    let messages = &shop.audience.messages;
    assert_eq!(messages[0].id, messages[1].id);
}

#[then(expr = "the message is signed with the secret of {string}")]
fn is_signed(shop: &mut Shop, name: String) {
    let secrets = &shop.audience.listener(&name).secrets;
    let secret = secrets.last().expect("there is a secret");
    assert!(shop.audience.messages[0].is_signed_with(secret));
}

#[then(expr = "the message is signed with the secret that {string} had before")]
fn is_signed_as_before(shop: &mut Shop, name: String) {
    let secrets = &shop.audience.listener(&name).secrets;
    assert_eq!(secrets.len(), 2);
    assert!(shop.audience.messages[0].is_signed_with(&secrets[0]));
}

#[then(expr = "what {string} was sent is not delivered yet")]
async fn is_not_delivered(shop: &mut Shop, name: String) {
    let path = format!("{}/deliveries", shop.audience.listener(&name).path());
    let delivery = eventually("something is to be delivered", async || {
        let deliveries = shop.client.get(&path).await.expect(200);
        deliveries["data"].get(0).cloned()
    });
    assert_eq!(delivery.await["state"], "pending");
}

#[then(expr = "{string} is not told of anything any more, since it is {string}")]
async fn is_given_up(shop: &mut Shop, name: String, reason: String) {
    let path = shop.audience.listener(&name).path();
    let webhook = eventually("the webhook is disabled", async || {
        let webhook = shop.client.get(&path).await.expect(200);
        (webhook["enabled"] == false).then_some(webhook)
    });
    assert_eq!(webhook.await["disabled_reason"], reason);
}

#[then(expr = "the feed says that this was {string}")]
async fn is_in_the_feed(shop: &mut Shop, event_type: String) {
    let path = format!("/events?type={event_type}");
    let told = eventually("the feed tells it", async || {
        let feed = shop.client.get(&path).await.expect(200);
        feed["data"].get(0).cloned()
    });
    let webhooks: Vec<Value> = shop
        .audience
        .listeners
        .values()
        .map(|it| json!(it.webhook))
        .collect();
    assert!(webhooks.contains(&told.await["subject"]));
}
