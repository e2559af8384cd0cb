//! Events on their way through Redis: it is away, forgets everything, has no room; and relays that die.

use std::collections::BTreeMap;

use redis::Value;
use reqwest::Method;
use serde_json::json;
use tests::{Client, Database, Redis, Service, Setup, Tenant, eventually, invoice};

struct Scene {
    redis: Redis,
    database: Database,
    setup: Setup,
}

impl Scene {
    async fn new() -> Self {
        let (redis, database) = (Redis::start().await, Database::fresh().await);
        let setup = Setup::on(&database)
            .with("BROKER", "redis")
            .with("REDIS__BROKER_URL", redis.url());
        Self {
            redis,
            database,
            setup,
        }
    }

    /// The API and a relay, and nobody who reads events: what was read would be removed, and would not come again.
    async fn serve(&self) -> Service {
        let setup = self.setup.clone().in_role("api").and_role("relay");
        setup.start().await
    }

    /// Of each invoice that has events the versions that the streams hold, in their order.
    fn published(&self) -> BTreeMap<String, Vec<i64>> {
        let mut versions = BTreeMap::<String, Vec<i64>>::new();
        for shard in 0..16 {
            let stream = format!("tallystick:events:{{{shard}}}:invoice");
            let entries: Vec<(String, Vec<(String, Value)>)> =
                self.redis.ask(&["XRANGE", &stream, "-", "+"]);
            for (_, fields) in entries {
                let (invoice, version) = changed_by(fields);
                versions.entry(invoice).or_default().push(version);
            }
        }
        versions
    }

    /// Waits until the streams hold every version of every invoice once, in order.
    async fn has_everything(&self, count: usize, last_version: i64) {
        let expected: Vec<_> = (1..=last_version).collect();
        eventually("everything is published", async || {
            let published = self.published();
            let is_there =
                published.len() == count && published.values().all(|it| it.len() >= expected.len());
            is_there.then_some(())
        })
        .await;
        for (invoice, versions) in self.published() {
            assert_eq!(versions, expected, "{invoice}");
        }
    }
}

/// Which invoice the event in an entry is about, and which version it led to.
fn changed_by(fields: Vec<(String, Value)>) -> (String, i64) {
    let event = fields.into_iter().find(|(name, _)| name == "event");
    let (_, event) = event.expect("an entry with an event");
    let event: String = redis::from_redis_value(event).expect("text");
    let event: serde_json::Value = serde_json::from_str(&event).expect("JSON");
    let invoice = event["subject"].as_str().expect("a subject").to_owned();
    (invoice, event["sequence"].as_i64().expect("a sequence"))
}

/// Makes so many invoices, and changes each twice.
pub(crate) async fn work(client: &Client, count: usize) {
    for _ in 0..count {
        let path = format!("/invoices/{}", client.create("/invoices", &invoice()).await);
        for notes in ["one", "two"] {
            let change = json!({"notes": notes});
            client.patch(&path, &change).await.expect(200);
        }
    }
}

async fn broker_comes_to_be(service: &Service, status: &str) {
    let client = service.stranger();
    eventually(format!("the broker is {status}"), async || {
        let health = client.call(Method::GET, "/health").await.json();
        (health["checks"]["broker"]["status"] == status).then_some(())
    })
    .await;
}

#[tokio::test]
async fn events_wait_for_a_redis_that_is_away_and_come_again_when_it_has_forgotten_them() {
    let mut scene = Scene::new().await;
    scene.redis.kill();
    let service = scene.serve().await;
    let client = Tenant::on(&scene.database).await.at(&service);

    work(&client, 10).await;
    broker_comes_to_be(&service, "degraded").await;
    scene.redis.come_back().await;
    scene.has_everything(10, 3).await;
    broker_comes_to_be(&service, "healthy").await;

    scene.redis.ask::<()>(&["FLUSHALL"]);
    scene.has_everything(10, 3).await;
    scene.redis.come_back().await;
    work(&client, 10).await;
    scene.has_everything(20, 3).await;
}

#[tokio::test]
async fn a_redis_without_room_holds_up_events_and_nothing_else() {
    let scene = Scene::new().await;
    let service = scene.serve().await;
    let client = Tenant::on(&scene.database).await.at(&service);

    scene.redis.ask::<()>(&["CONFIG", "SET", "maxmemory", "1"]);
    work(&client, 5).await;
    assert_eq!(scene.published().len(), 0);
    scene.redis.ask::<()>(&["CONFIG", "SET", "maxmemory", "0"]);

    scene.has_everything(5, 3).await;
}

#[tokio::test]
async fn a_redis_that_throws_events_away_makes_the_server_not_ready() {
    let scene = Scene::new().await;
    let service = scene.setup.clone().start().await;
    broker_comes_to_be(&service, "healthy").await;

    let policy = ["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"];
    scene.redis.ask::<()>(&policy);

    broker_comes_to_be(&service, "unhealthy").await;
    let ready = service.stranger().call(Method::GET, "/health/ready").await;
    assert_eq!(ready.status, 503);
}

#[tokio::test]
async fn relays_that_are_killed_lose_nothing_and_turn_nothing_round() {
    let scene = Scene::new().await;
    let service = scene.setup.clone().in_role("api").start().await;
    let client = Tenant::on(&scene.database).await.at(&service);
    let relay = scene.setup.clone().in_role("relay");

    let killing = async {
        for _ in 0..3 {
            let pair = [relay.clone().start().await, relay.clone().start().await];
            let before = scene.published().len();
            eventually("something is published", async || {
                let published = scene.published().len();
                (published > before || published == 100).then_some(())
            })
            .await;
            pair.into_iter().for_each(Service::kill);
        }
    };
    let working = async {
        for _ in 0..10 {
            work(&client, 10).await;
        }
    };
    tokio::join!(killing, working);

    let _relay = relay.start().await;
    scene.has_everything(100, 3).await;
}
