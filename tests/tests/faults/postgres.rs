//! PostgreSQL goes away, freezes, or loses connections.

use std::time::{Duration, Instant};

use embedded_postgres::Cluster;
use reqwest::Method;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tests::{Client, Database, Service, Setup, Tenant, eventually, invoice, private_cluster};
use tokio_postgres::Client as Session;

use crate::{
    audit::{assert_books, assert_no_open_transaction, audit},
    load::{Load, Patience},
};

const CLIENTS: usize = 4;
/// How many connections the service has at most.
const POOL: i64 = 25;

async fn on_a_cluster_of_its_own() -> (Cluster, Service, Tenant) {
    let cluster = private_cluster().await;
    let database = Database::of(&cluster);
    let setup = Setup::on(&database)
        .with("DATABASE__ACQUIRE_TIMEOUT_MS", 500)
        .with("DATABASE__LOCK_TIMEOUT_MS", 300)
        .with("DATABASE__STATEMENT_TIMEOUT_MS", 800)
        .with("DATABASE__QUERY_DEADLINE_MS", 1_000);
    let service = setup.start().await;
    let tenant = Tenant::on(&database).await;
    (cluster, service, tenant)
}

async fn assert_unavailable(client: &Client) {
    let answer = client.post("/invoices", &invoice()).await;
    assert_eq!(
        answer.verdict(),
        (503, "unavailable".to_owned()),
        "{}",
        answer.text()
    );
    assert_eq!(answer.header("retry-after"), "1");
    assert!(
        !answer.text().to_lowercase().contains("sql"),
        "{}",
        answer.text()
    );
}

async fn health(client: &Client, path: &str) -> (u16, String) {
    let answer = client.call(Method::GET, path).await;
    (
        answer.status,
        answer.json()["status"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
    )
}

/// The figures of the relay and of the worker, one each.
const COUNTED: [&str; 2] = ["outbox_lag_seconds", "payments_due"];

async fn are_counted(service: &Service, is_expected: bool) {
    eventually(
        format!("{COUNTED:?} are counted: {is_expected}"),
        async || {
            let metrics = service.metrics().await;
            let is_as_expected = |name: &&str| {
                let of_it = |line: &str| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok();
                let value: Option<f64> = metrics.lines().find_map(of_it);
                value.is_some_and(|value| value.is_nan() != is_expected)
            };
            COUNTED.iter().all(is_as_expected).then_some(())
        },
    )
    .await;
}

#[tokio::test]
async fn what_nobody_can_count_is_not_told_as_it_was() {
    let mut cluster = private_cluster().await;
    let setup = Setup::on(&Database::of(&cluster)).and_role("worker");
    let service = setup.start().await;
    are_counted(&service, true).await;

    cluster.kill_hard().await.unwrap();
    are_counted(&service, false).await;

    cluster.restart().await.unwrap();
    are_counted(&service, true).await;
}

#[tokio::test]
async fn a_database_that_is_stopped_and_started_is_503_in_between_and_loses_nothing() {
    let (mut cluster, service, tenant) = on_a_cluster_of_its_own().await;
    let client = tenant.at(&service);
    let load = Load::of((0..CLIENTS).map(|_| tenant.at(&service)), Patience::Endless);
    for _ in 0..2 {
        load.make_progress(5).await;

        cluster.kill_hard().await.unwrap();

        eventually("the service is not ready", async || {
            (health(&client, "/health/ready").await.0 == 503).then_some(())
        })
        .await;
        assert_unavailable(&client).await;
        assert_eq!(
            health(&client, "/health").await,
            (503, "unhealthy".to_owned())
        );
        assert_eq!(health(&client, "/health/live").await.0, 200);
        cluster.restart().await.unwrap();
        eventually("the service has recovered by itself", async || {
            (health(&client, "/health").await == (200, "healthy".to_owned())).then_some(())
        })
        .await;
    }
    load.make_progress(5).await;
    let orders = load.finish().await;

    audit(&client, service.database(), &orders).await;
}

#[tokio::test]
async fn connections_that_are_cut_all_the_time_cost_no_write() {
    let database = Database::fresh().await;
    let service = Setup::on(&database).start().await;
    let tenant = Tenant::on(&database).await;
    let load = Load::of((0..CLIENTS).map(|_| tenant.at(&service)), Patience::Endless);
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM (
                   SELECT pid FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
                    ORDER BY random() LIMIT 2) AS some";
    let scissors = database.connect().await;

    let storm = async {
        loop {
            // Not even the scissors have to survive.
            let _ = scissors.execute(cut, &[]).await;
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    };
    tokio::select! {
        () = storm => {}
        () = load.make_progress(40) => {}
    }
    let orders = load.finish().await;

    audit(&tenant.at(&service), &database, &orders).await;
    assert_no_open_transaction(&database).await;
}

#[tokio::test]
async fn a_database_that_freezes_is_given_up_and_found_again() {
    let (_cluster, service, tenant) = on_a_cluster_of_its_own().await;
    let client = tenant.at(&service);
    client.post("/invoices", &invoice()).await.expect(201);
    let back_ends = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'";
    let rows = service
        .database()
        .connect()
        .await
        .query(back_ends, &[])
        .await
        .unwrap();
    let back_ends: Vec<Pid> = rows
        .iter()
        .filter_map(|row| Pid::from_raw(row.get(0)))
        .collect();
    let signal_all = |signal| {
        for pid in &back_ends {
            // Some have ended by themselves.
            let _ = kill_process(*pid, signal);
        }
    };

    signal_all(Signal::STOP);
    let begun = Instant::now();
    let answer = client.post("/invoices", &invoice()).await;
    let waited = begun.elapsed();
    signal_all(Signal::CONT);

    assert!(matches!(answer.status, 201 | 503), "{}", answer.text());
    assert!(
        waited < Duration::from_secs(10),
        "it was waited for {waited:?}"
    );
    eventually("the service has recovered", async || {
        (client.post("/invoices", &invoice()).await.status == 201).then_some(())
    })
    .await;
    assert_no_open_transaction(service.database()).await;
    assert_books(&client, service.database()).await;
}

#[tokio::test]
async fn a_database_that_is_read_only_for_a_while_is_read_and_not_written() {
    let (_cluster, service, tenant) = on_a_cluster_of_its_own().await;
    let client = tenant.at(&service);
    let id = client.create("/invoices", &invoice()).await;
    let operator = service.database().connect().await;
    let set = async |value: &str| {
        let statement = format!("ALTER SYSTEM SET default_transaction_read_only = {value}");
        operator.batch_execute(&statement).await.unwrap();
        operator
            .batch_execute("SELECT pg_reload_conf()")
            .await
            .unwrap();
    };

    set("on").await;

    eventually("writes are refused for now", async || {
        let answer = client.post("/invoices", &invoice()).await;
        assert!(matches!(answer.status, 201 | 503), "{}", answer.text());
        (answer.verdict() == (503, "unavailable".to_owned())).then_some(())
    })
    .await;
    client.get(&format!("/invoices/{id}")).await.expect(200);
    client.get("/invoices").await.expect(200);
    assert_is_not_asked_for_connections_by(&client, &operator).await;
    operator
        .batch_execute("SET default_transaction_read_only = off")
        .await
        .unwrap();
    set("off").await;
    eventually("writes are welcome again", async || {
        (client.post("/invoices", &invoice()).await.status == 201).then_some(())
    })
    .await;
    assert_books(&client, service.database()).await;
}

/// A refused write may end a connection, since the primary may be elsewhere; but not each of them.
async fn assert_is_not_asked_for_connections_by(client: &Client, operator: &Session) {
    const WRITES: i64 = 100;
    let sessions = "SELECT sessions FROM pg_stat_database WHERE datname = current_database()";
    let opened = async || -> i64 {
        let row = operator.query_one(sessions, &[]).await;
        row.expect("an operator may").get(0)
    };
    let (before, begun) = (opened().await, Instant::now());

    for _ in 0..WRITES {
        client.post("/invoices", &invoice()).await.expect(503);
    }

    let seconds = i64::try_from(begun.elapsed().as_secs()).expect("a short time") + 1;
    let more = opened().await - before;
    assert!(
        more <= seconds * POOL && more < WRITES,
        "{more} connections for {WRITES} writes"
    );
}

#[tokio::test]
async fn a_row_that_others_keep_locked_is_not_waited_for_without_end() {
    let (_cluster, service, tenant) = on_a_cluster_of_its_own().await;
    let client = tenant.at(&service);
    let id = client.create("/invoices", &invoice()).await;
    let mut other = service.database().connect().await;
    let lock = other.transaction().await.unwrap();
    lock.execute(
        "SELECT FROM invoices WHERE id = $1::text::uuid FOR UPDATE",
        &[&id],
    )
    .await
    .unwrap();

    let begun = Instant::now();
    let refused = client
        .patch(&format!("/invoices/{id}"), &json!({"notes": "x"}))
        .await;
    let waited = begun.elapsed();

    assert!(matches!(refused.status, 409 | 503), "{}", refused.text());
    assert!(
        !refused.header("retry-after").is_empty() && waited < Duration::from_secs(10),
        "{refused:?}"
    );
    client.get(&format!("/invoices/{id}")).await.expect(200);
    lock.rollback().await.unwrap();
    client
        .patch(&format!("/invoices/{id}"), &json!({"notes": "x"}))
        .await
        .expect(200);
}
