//! Behind a `PgBouncer` that lends a session for one transaction: everything works, and its death costs no write.

use embedded_postgres::testing::Pooler;
use reqwest::Method;
use serde_json::json;
use tests::{
    Database, Manner, Receiver, Service, Setup, Tenant, customer, eventually, invoice,
    private_pooler,
};

use crate::{
    audit::{assert_no_open_transaction, audit},
    load::{Load, Patience},
    transfers::{self, movers, open_accounts},
};

const CLIENTS: usize = 4;
const INVOICES: i64 = 10;
/// Fewer than there are connections to the pooler: sessions wander between them.
const SESSIONS_MAX: usize = 5;

async fn behind_a_pooler() -> (Pooler, Setup, Tenant) {
    let pooler = private_pooler(SESSIONS_MAX).await;
    let database = Database::fresh().await.behind(&pooler);
    let setup = Setup::on(&database)
        .with("DATABASE__ACQUIRE_TIMEOUT_MS", 500)
        .with("WEBHOOKS__ALLOW_HTTP", true)
        .with("WEBHOOKS__ALLOWED_NETWORKS", "127.0.0.0/8");
    // Migrates, and so shows that this goes past the pooler.
    setup.clone().start().await.kill();
    let tenant = Tenant::on(&database).await;
    (pooler, setup, tenant)
}

async fn readiness(service: &Service) -> u16 {
    let probe = service.stranger().call(Method::GET, "/health/ready");
    probe.await.status
}

#[tokio::test]
async fn two_instances_share_few_sessions_and_all_roles_do_their_work() {
    let (_pooler, setup, tenant) = behind_a_pooler().await;
    let api = setup.clone().in_role("api").and_role("relay").start().await;
    let all = setup.and_role("worker").and_role("validator").start().await;
    let client = tenant.at(&api);
    let receiver = Receiver::start(Manner::Answers("204 No Content")).await;
    let body = json!({"url": receiver.url(), "event_types": ["customer.*"]});
    client.create("/webhooks", &body).await;
    let accounts = open_accounts(&client).await;

    let both = (0..CLIENTS).map(|number| tenant.at(if number % 2 == 0 { &api } else { &all }));
    let movers = movers(both, &accounts);
    for _ in 0..INVOICES {
        client.create("/invoices", &invoice()).await;
    }
    movers.make_progress(60).await;
    let posted = movers.finish().await.into_iter().sum();
    let subject = client.create("/customers", &customer()).await;

    eventually("the event is delivered", async || {
        let told = receiver.received().into_iter();
        told.map(|it| it.event["subject"].clone())
            .find(|told| *told == json!(subject))
    })
    .await;
    eventually("what was created is reviewed", async || {
        let reviewed = "SELECT count(*) FROM invoices WHERE review IS NOT NULL";
        (api.database().count(reviewed, &[]).await == INVOICES).then_some(())
    })
    .await;
    for service in [&api, &all] {
        let log = service.log();
        assert!(!log.contains("prepared statement"), "{log}");
    }
    transfers::audit(&client, api.database(), &accounts, posted).await;
}

#[tokio::test]
async fn a_pooler_that_is_killed_is_503_in_between_and_loses_nothing() {
    let (mut pooler, setup, tenant) = behind_a_pooler().await;
    let service = setup.start().await;
    let load = Load::of((0..CLIENTS).map(|_| tenant.at(&service)), Patience::Endless);
    for _ in 0..2 {
        load.make_progress(5).await;

        pooler.kill();

        eventually("the service is not ready", async || {
            (readiness(&service).await == 503).then_some(())
        })
        .await;
        pooler.come_back().await.unwrap();
        eventually("the service has recovered by itself", async || {
            (readiness(&service).await == 200).then_some(())
        })
        .await;
    }
    load.make_progress(5).await;
    let orders = load.finish().await;

    audit(&tenant.at(&service), service.database(), &orders).await;
    assert_no_open_transaction(service.database()).await;
}

#[tokio::test]
async fn money_moves_once_however_often_the_pooler_is_killed() {
    let (mut pooler, setup, tenant) = behind_a_pooler().await;
    let service = setup.start().await;
    let client = tenant.at(&service);
    let accounts = open_accounts(&client).await;
    let movers = movers((0..CLIENTS).map(|_| tenant.at(&service)), &accounts);

    for _ in 0..4 {
        movers.make_progress(20).await;
        pooler.kill();
        pooler.come_back().await.unwrap();
    }
    movers.make_progress(20).await;
    let posted = movers.finish().await.into_iter().sum();

    transfers::audit(&client, service.database(), &accounts, posted).await;
}
