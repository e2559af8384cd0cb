//! Several validators, each a process of its own, of which one is killed.

use futures_util::{StreamExt as _, stream};
use serde_json::json;
use tests::{Database, Redis, Setup, Tenant, eventually, invoice, line};

use crate::audit::assert_books;

const INVOICES: usize = 300;
const AT_ONCE: usize = 16;
/// Every third one comes to more than this.
const TOTAL_MAX: i64 = 1_000_000;

#[tokio::test]
async fn each_invoice_gets_its_verdict_once_though_a_validator_is_killed() {
    let database = Database::fresh().await;
    let setup = Setup::on(&database);

    reviewed_though_a_validator_is_killed(&database, setup).await;
}

#[tokio::test]
async fn so_it_does_through_redis() {
    let (database, redis) = (Database::fresh().await, Redis::start().await);
    let setup = Setup::on(&database)
        .with("BROKER", "redis")
        .with("REDIS__BROKER_URL", redis.url());

    reviewed_though_a_validator_is_killed(&database, setup).await;
}

async fn reviewed_though_a_validator_is_killed(database: &Database, setup: Setup) {
    let service = setup.clone().start().await;
    let tenant = Tenant::on(database).await;
    let client = tenant.at(&service);
    let validator = setup
        .in_role("validator")
        .with("REVIEW__TOTAL_MINOR_MAX", TOTAL_MAX);
    let (first, second) = tokio::join!(validator.clone().start(), validator.start());

    let bill = async |number: usize| {
        let mut body = invoice();
        let number = i64::try_from(number).expect("it is small");
        let dear = if number % 3 == 0 { TOTAL_MAX } else { 0 };
        body["items"] = json!([line(1, dear + number + 1, 0)]);
        client.create("/invoices", &body).await;
    };
    stream::iter(0..INVOICES / 2)
        .for_each_concurrent(AT_ONCE, bill)
        .await;
    eventually("a validator is at work", async || {
        (count(database, "review IS NOT NULL").await > 0).then_some(())
    })
    .await;
    first.kill();
    stream::iter(INVOICES / 2..INVOICES)
        .for_each_concurrent(AT_ONCE, bill)
        .await;

    eventually("all are reviewed", async || {
        (count(database, "review IS NULL").await == 0).then_some(())
    })
    .await;
    let all = i64::try_from(INVOICES).expect("it is small");
    let rejected = count(database, "review ->> 'status' = 'rejected'").await;
    let dear = format!("total_minor > {TOTAL_MAX}");
    assert_eq!(rejected, count(database, &dear).await);
    assert_eq!(rejected, all / 3);
    assert_eq!(count(database, "version = 2").await, all);
    let told = "SELECT count(*) FROM outbox WHERE type IN ('invoice.approved', 'invoice.rejected')";
    assert_eq!(database.count(told, &[]).await, all);
    assert_books(&client, database).await;
    drop(second);
}

async fn count(database: &Database, condition: &str) -> i64 {
    let statement = format!("SELECT count(*) FROM invoices WHERE {condition}");
    database.count(&statement, &[]).await
}
