//! Two instances that share a Redis, which dies, freezes, and comes back.

use reqwest::Method;
use serde_json::json;
use tests::{Client, Database, Redis, Service, Setup, Tenant, eventually, invoice};

use crate::{
    audit::{assert_books, audit},
    load::{Load, Patience},
};

struct Pair {
    redis: Redis,
    services: [Service; 2],
    tenant: Tenant,
}

impl Pair {
    async fn start() -> Self {
        let (redis, database) = (Redis::start().await, Database::fresh().await);
        let setup = Setup::on(&database).with("REDIS__URL", redis.url());
        let first = setup.clone().start().await;
        let second = setup.start().await;
        let tenant = Tenant::on(&database).await;
        Self {
            redis,
            services: [first, second],
            tenant,
        }
    }

    fn clients(&self) -> [Client; 2] {
        [&self.services[0], &self.services[1]].map(|service| self.tenant.at(service))
    }

    async fn comes_to_be(&self, status: &str) {
        for client in self.clients() {
            eventually(format!("the health is {status}"), async || {
                let answer = client.call(Method::GET, "/health").await;
                assert_eq!(answer.status, 200, "{}", answer.text());
                (answer.json()["status"] == status).then_some(())
            })
            .await;
        }
    }
}

/// Changes an invoice through one instance and reads it through the other, several times.
async fn assert_never_old([writer, reader]: &[Client; 2]) {
    let path = format!("/invoices/{}", writer.create("/invoices", &invoice()).await);
    for n in 0..10 {
        let notes = n.to_string();
        reader.get(&path).await.expect(200);
        writer
            .patch(&path, &json!({"notes": notes}))
            .await
            .expect(200);
        assert_eq!(reader.get(&path).await.expect(200)["notes"], notes.as_str());
    }
    assert_eq!(writer.delete(&path).await.status, 204);
    assert_eq!(reader.get(&path).await.status, 404);
}

/// What a metric of the cache of invoices stands at.
async fn counted(service: &Service, metric: &str) -> u64 {
    let metrics = service.metrics().await;
    let line = format!("{metric}{{cache=\"invoices\"}} ");
    let value = metrics.lines().find_map(|it| it.strip_prefix(&line));
    value.map_or(0, |value| value.parse().expect("a number"))
}

#[tokio::test]
async fn what_redis_knows_and_that_it_fails_is_counted() {
    let mut pair = Pair::start().await;
    let [reader, _] = pair.clients();
    let path = format!("/invoices/{}", reader.create("/invoices", &invoice()).await);
    for _ in 0..3 {
        reader.get(&path).await.expect(200);
    }

    let hits = counted(&pair.services[0], "cache_hits_total").await;
    let misses = counted(&pair.services[0], "cache_misses_total").await;
    let errors = counted(&pair.services[0], "cache_errors_total").await;
    pair.redis.kill();
    reader.get(&path).await.expect(200);

    assert!(hits >= 1 && misses >= 1, "{hits} hits, {misses} misses");
    assert!(counted(&pair.services[0], "cache_errors_total").await > errors);
}

/// Renames a user through one instance and reads it through the other, by id and by name, several times.
async fn assert_users_never_old([writer, reader]: &[Client; 2]) {
    let user = json!({"username": "Ada1815", "name": "Ada", "dni": "12345678", "currency": "USD"});
    let path = format!("/users/{}", writer.create("/users", &user).await);
    for n in 0..10 {
        let name = format!("Ada {n}");
        reader.get("/users?username=ada1815").await.expect(200);
        let renamed = writer.patch(&path, &json!({"name": name})).await;
        renamed.expect(200);

        let by_id = reader.get(&path).await.expect(200);
        let by_name = reader.get("/users?username=ADA1815").await.expect(200);

        assert_eq!(by_id["name"], name.as_str());
        assert_eq!(by_name["data"][0]["name"], name.as_str());
        assert_eq!(by_id["dni"], "****5678");
    }
}

#[tokio::test]
async fn a_user_that_one_instance_renames_the_other_reads_at_once_and_redis_knows_the_user() {
    let mut pair = Pair::start().await;

    assert_users_never_old(&pair.clients()).await;

    let remembered: Vec<String> = pair.redis.ask(&["KEYS", "tallystick:user*"]);
    assert_eq!(remembered.len(), 2, "{remembered:?}");
    let [_, reader] = pair.clients();
    pair.redis.kill();
    let read = reader.get("/users?username=ada1815").await.expect(200);
    assert_eq!(read["data"][0]["name"], "Ada 9");
}

#[tokio::test]
async fn a_redis_that_is_killed_in_the_middle_of_traffic_costs_no_request() {
    let mut pair = Pair::start().await;
    pair.comes_to_be("healthy").await;
    let clients = pair.clients();
    let load = Load::of(clients.iter().chain(&clients).cloned(), Patience::None);
    load.make_progress(10).await;

    pair.redis.kill();

    load.make_progress(20).await;
    pair.comes_to_be("degraded").await;
    assert_never_old(&clients).await;
    for client in &clients {
        assert_eq!(client.call(Method::GET, "/health/ready").await.status, 200);
    }
    pair.redis.come_back().await;
    pair.comes_to_be("healthy").await;
    load.make_progress(10).await;
    let orders = load.finish().await;
    audit(&clients[0], pair.services[0].database(), &orders).await;
}

#[tokio::test]
async fn what_one_instance_changes_the_other_reads_at_once() {
    let pair = Pair::start().await;

    assert_never_old(&pair.clients()).await;
}

#[tokio::test]
async fn a_redis_that_freezes_does_not_bring_old_invoices_back() {
    let pair = Pair::start().await;
    let [writer, reader] = pair.clients();
    let path = format!("/invoices/{}", writer.create("/invoices", &invoice()).await);
    reader.get(&path).await.expect(200);
    reader.get(&path).await.expect(200);

    pair.redis.freeze();
    let changed = writer.patch(&path, &json!({"notes": "new"})).await;
    let read = reader.get(&path).await;
    pair.redis.thaw();

    changed.expect(200);
    assert_eq!(read.expect(200)["notes"], "new");
    for _ in 0..5 {
        for client in [&writer, &reader] {
            assert_eq!(client.get(&path).await.expect(200)["notes"], "new");
        }
    }
    pair.comes_to_be("healthy").await;
    assert_eq!(reader.get(&path).await.expect(200)["notes"], "new");
    assert_books(&reader, pair.services[0].database()).await;
}

#[tokio::test]
async fn rate_limits_are_shared_and_outlive_redis() {
    let (mut redis, database) = (Redis::start().await, Database::fresh().await);
    let setup = Setup::on(&database)
        .with("REDIS__URL", redis.url())
        .with("RATE_LIMIT__REQUESTS_PER_SECOND", 1)
        .with("RATE_LIMIT__BURST", 30);
    let services = [setup.clone().start().await, setup.start().await];
    let tenant = Tenant::on(&database).await;
    let clients = [&services[0], &services[1]].map(|service| tenant.at(service));
    let mut answered = 0;
    for n in 0..60 {
        answered += usize::from(clients[n % 2].get("/organization").await.status == 200);
    }
    assert!(
        (30..50).contains(&answered),
        "{answered} of 60 were answered, where 30 at once are allowed"
    );

    redis.kill();

    let mut statuses = Vec::new();
    for _ in 0..60 {
        statuses.push(clients[0].get("/organization").await.status);
    }
    assert!(
        statuses.contains(&429) && statuses.iter().all(|status| matches!(status, 200 | 429)),
        "{statuses:?}"
    );
}

#[tokio::test]
async fn without_redis_at_start_the_service_is_degraded_but_serves() {
    let (mut redis, database) = (Redis::start().await, Database::fresh().await);
    redis.kill();
    let service = Setup::on(&database)
        .with("REDIS__URL", redis.url())
        .start()
        .await;
    let client = Tenant::on(&database).await.at(&service);

    assert_eq!(
        client.call(Method::GET, "/health").await.expect(200)["status"],
        "degraded"
    );
    client.post("/invoices", &invoice()).await.expect(201);
}
