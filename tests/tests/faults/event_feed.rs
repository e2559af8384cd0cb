//! Following events over HTTP: nothing is missed, nothing comes twice, and versions ascend, whatever happens meanwhile.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use futures_util::future::join_all;
use rustix::process::Signal;
use serde_json::{Value, json};
use tests::{
    Client, Database, EventStream, Service, Setup, Tenant, assert_every_change_is_told, customer,
    eventually, tallystick, within,
};

const WRITERS: usize = 50;
const CHANGES: i64 = 5;

/// Makes a customer, and changes it some times.
async fn write(client: Client) {
    let id = client.create("/customers", &customer()).await;
    for change in 1..CHANGES {
        let body = json!({"name": format!("Change {change}")});
        client
            .patch(&format!("/customers/{id}"), &body)
            .await
            .expect(200);
    }
}

/// Reads the stream until so many events of customers have come, and begins anew after each so many.
async fn follow(client: &Client, from: &str, (events, at_a_time): (usize, usize)) -> Vec<Value> {
    let mut last = from.to_owned();
    let mut seen = Vec::new();
    while seen.len() < events {
        let call = client.get("/events/stream?type=customer.*");
        let mut stream = EventStream::open(call.header("Last-Event-ID", &last)).await;
        for _ in 0..at_a_time.min(events - seen.len()) {
            let Some((id, event)) = stream.next().await else {
                break;
            };
            last = id;
            seen.push(event);
        }
    }
    seen
}

/// The end of the feed of customers' events.
async fn end_of_feed(client: &Client) -> String {
    let mut path = "/events?limit=100&type=customer.*".to_owned();
    loop {
        let piece = client.get(&path).await.expect(200);
        let cursor = piece["next_cursor"]
            .as_str()
            .expect("a feed goes on")
            .to_owned();
        if piece["has_more"] == false {
            return cursor;
        }
        path = format!("/events?limit=100&type=customer.*&cursor={cursor}");
    }
}

fn assert_nothing_is_missing(events: &[Value]) {
    let ids: HashSet<_> = events.iter().map(|it| it["id"].to_string()).collect();
    assert_eq!(ids.len(), events.len(), "some event came twice");
    let mut versions: HashMap<String, i64> = HashMap::new();
    for event in events {
        let last = versions.entry(event["subject"].to_string()).or_default();
        *last += 1;
        assert_eq!(event["sequence"], *last, "{event}");
    }
    assert_eq!(versions.len(), WRITERS);
    assert!(versions.values().all(|last| *last == CHANGES));
}

async fn scene() -> (Database, Tenant, Service) {
    let database = Database::fresh().await;
    let service = Setup::on(&database).start().await;
    let tenant = Tenant::on(&database).await;
    (database, tenant, service)
}

#[tokio::test]
async fn whoever_follows_fifty_writers_and_is_cut_off_again_and_again_misses_nothing() {
    let (_database, tenant, service) = scene().await;
    let client = tenant.at(&service);
    let from = end_of_feed(&client).await;

    let events = WRITERS * 5;
    let (seen, _) = tokio::join!(
        follow(&client, &from, (events, 37)),
        join_all((0..WRITERS).map(|_| write(client.clone())))
    );

    assert_nothing_is_missing(&seen);
}

#[tokio::test]
async fn events_go_on_when_the_process_that_places_them_is_killed() {
    let (database, tenant, service) = scene().await;
    let other = Setup::on(&database).start().await;
    let client = tenant.at(&other);
    let from = end_of_feed(&client).await;
    let writers = tokio::spawn(join_all((0..WRITERS).map({
        let client = client.clone();
        move |_| write(client.clone())
    })));

    service.kill();
    let seen = follow(&client, &from, (WRITERS * 5, 1_000)).await;

    writers.await.expect("every write is answered");
    assert_nothing_is_missing(&seen);
}

/// Whoever places events waits for somebody, in the middle of its transaction.
const WAITING: &str = "
    CREATE FUNCTION wait_a_little() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END $$;
    CREATE TRIGGER wait_a_little BEFORE INSERT ON event_positions
        FOR EACH STATEMENT EXECUTE FUNCTION wait_a_little();
    SELECT pg_advisory_lock(4711)";

const WHO_WAITS: &str = "
    SELECT count(*) FROM pg_locks
     WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

#[tokio::test]
async fn a_relay_that_stops_with_the_log_in_its_hands_is_replaced_within_ten_seconds() {
    let database = Database::fresh().await;
    let api = Setup::on(&database).in_role("api").start().await;
    let client = Tenant::on(&database).await.at(&api);
    let relay = Setup::on(&database).in_role("relay");
    let gate = database.connect().await;
    gate.batch_execute(WAITING).await.expect("the gate is shut");
    let stopped = relay.clone().start().await;
    client.create("/customers", &customer()).await;
    eventually("the relay is in the middle of it", async || {
        (database.count(WHO_WAITS, &[]).await == 1).then_some(())
    })
    .await;

    stopped.signal(Signal::STOP);
    let _other = relay.start().await;
    let opened = gate.batch_execute("SELECT pg_advisory_unlock(4711)").await;
    opened.expect("the gate is open");

    let placed = "SELECT count(*) FROM event_positions WHERE aggregate_type = 'customer'";
    within(Duration::from_secs(10), "the other goes on", async || {
        (database.count(placed, &[]).await == 1).then_some(())
    })
    .await;
    stopped.signal(Signal::CONT);
    write(client.clone()).await;
    eventually("each event has its place", async || {
        (database.count(placed, &[]).await == 1 + CHANGES).then_some(())
    })
    .await;
    assert_every_change_is_told(&database).await;
}

#[tokio::test]
async fn a_stream_ends_when_the_service_is_told_to_end() {
    let (_database, tenant, service) = scene().await;
    let client = tenant.at(&service);
    let mut stream = EventStream::open(client.get("/events/stream")).await;

    service.signal(Signal::TERM);

    // What was still on its way may come before the end.
    while stream.next().await.is_some() {}
    assert!(service.ended().await.success());
}

/// Nobody's events wait for a transaction that somebody has left open, but its own; and operators can see it.
#[tokio::test]
async fn a_foreign_transaction_that_stays_open_is_seen_and_holds_nobody_up() {
    let (database, tenant, service) = scene().await;
    let client = tenant.at(&service);
    let from = end_of_feed(&client).await;
    let foreign = database.connect().await;
    let begun = foreign
        .batch_execute("BEGIN; CREATE TABLE of_somebody_else (id int)")
        .await;
    begun.expect("the transaction is open");

    client.create("/customers", &customer()).await;
    let seen = follow(&client, &from, (1, 1)).await;
    let oldest = eventually("the age of the transaction is told", async || {
        let status = tallystick(&database, &["outbox", "status"]).await;
        let age = status["oldest_transaction_seconds"].as_f64();
        age.filter(|age| *age > 1.0)
    })
    .await;

    let lag = eventually("the alert has its figure", async || {
        let lag = service.metric("outbox_lag_seconds").await;
        lag.filter(|lag| *lag > 1.0)
    })
    .await;

    assert_eq!(seen[0]["type"], "customer.created");
    assert!(oldest > 1.0 && lag > 1.0);
}
