//! The primary dies, and its synchronous standby takes over.

use embedded_postgres::Cluster;
use tests::{Database, Service, Setup, Tenant, eventually, invoice, private_cluster, standby_of};
use tokio_postgres::Client as Session;

use crate::{
    audit::{assert_no_open_transaction, audit},
    load::{Load, Patience},
    transfers::{self, movers, open_accounts},
};

const CLIENTS: usize = 4;

/// A primary that confirms no commit before its standby has it.
async fn synchronous_pair() -> (Cluster, Cluster) {
    let primary = private_cluster().await;
    let standby = standby_of(&primary).await;
    let operator = Database::of(&primary).connect().await;
    for statement in [
        "ALTER SYSTEM SET synchronous_standby_names = '*'",
        "SELECT pg_reload_conf()",
    ] {
        let set = operator.batch_execute(statement).await;
        set.expect("an operator may");
    }
    let is_synchronous = "SELECT FROM pg_stat_replication WHERE sync_state = 'sync'";
    eventually("the standby is synchronous", async || {
        operator.query_opt(is_synchronous, &[]).await.ok()?
    })
    .await;
    (primary, standby)
}

async fn promote(standby: &Cluster) {
    let operator = Database::of(standby).connect().await;
    let promoted = operator.query_one("SELECT pg_promote()", &[]).await;
    let promoted = promoted.expect("an operator may");
    assert!(promoted.get::<_, bool>(0));
}

#[tokio::test]
async fn a_standby_that_is_promoted_when_the_primary_dies_has_every_answered_write() {
    let (mut primary, standby) = synchronous_pair().await;
    let database = Database::of_whichever_writes([&primary, &standby]);
    let service = Setup::on(&database).start().await;
    let tenant = Tenant::on(&database).await;
    let accounts = open_accounts(&tenant.at(&service)).await;
    let load = Load::of((0..CLIENTS).map(|_| tenant.at(&service)), Patience::Endless);
    let movers = movers((0..CLIENTS).map(|_| tenant.at(&service)), &accounts);
    load.make_progress(10).await;
    movers.make_progress(40).await;

    primary.kill_hard().await.unwrap();
    promote(&standby).await;

    load.make_progress(10).await;
    movers.make_progress(40).await;
    let orders = load.finish().await;
    let posted = movers.finish().await.into_iter().sum();
    audit(&tenant.at(&service), &database, &orders).await;
    transfers::audit(&tenant.at(&service), &database, &accounts, posted).await;
}

/// A service that gives up soon, on a primary whose standby is gone.
async fn without_its_standby() -> (Cluster, Cluster, Service, Tenant) {
    let (primary, mut standby) = synchronous_pair().await;
    let database = Database::of(&primary);
    let setup = Setup::on(&database)
        .with("DATABASE__LOCK_TIMEOUT_MS", 300)
        .with("DATABASE__STATEMENT_TIMEOUT_MS", 500)
        .with("DATABASE__QUERY_DEADLINE_MS", 3_000)
        .in_role("api");
    let service = setup.start().await;
    let tenant = Tenant::on(&database).await;
    tenant.at(&service).get("/invoices").await.expect(200);
    let killed = standby.kill_hard().await;
    killed.expect("it runs");
    (primary, standby, service, tenant)
}

async fn waiting(operator: &Session, then: &str) -> i64 {
    let waiting = "FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
    let statement = format!("SELECT count({then}) {waiting}");
    let row = operator.query_one(&statement, &[]).await;
    row.expect("an operator may").get(0)
}

#[tokio::test]
async fn a_write_that_the_standby_does_not_have_is_not_answered_before_it_is_back() {
    let (primary, mut standby, service, tenant) = without_its_standby().await;
    let client = tenant.at(&service);
    let create = || client.post("/invoices", &invoice()).idempotency_key("once");

    let unanswered = create().await;
    let again = create().await;

    assert_eq!(unanswered.verdict(), (503, "unavailable".to_owned()));
    assert!(matches!(again.status, 409 | 503), "{}", again.text());
    let list = client.get("/invoices").await.expect(200);
    assert_eq!(list["data"].as_array().map(Vec::len), Some(0), "{list}");
    standby.restart().await.unwrap();
    eventually("what was begun is finished", async || {
        (create().await.status == 201).then_some(())
    })
    .await;
    let database = Database::of(&primary);
    let invoices = database.count("SELECT count(*) FROM invoices", &[]).await;
    assert_eq!(invoices, 1);
    assert_no_open_transaction(&database).await;
}

#[tokio::test]
async fn a_write_that_an_operator_keeps_from_waiting_for_the_standby_is_not_answered() {
    let (primary, _standby, service, tenant) = without_its_standby().await;
    let client = tenant.at(&service);
    let operator = Database::of(&primary).connect().await;

    let (answer, ()) = tokio::join!(client.post("/invoices", &invoice()), async {
        eventually("the commit waits for the standby", async || {
            (waiting(&operator, "*").await > 0).then_some(())
        })
        .await;
        waiting(&operator, "pg_cancel_backend(pid)").await;
    });

    assert_eq!(answer.verdict(), (503, "unavailable".to_owned()));
}
