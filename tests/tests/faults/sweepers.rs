//! Several schedulers at once, of which one is killed.

use futures_util::{StreamExt as _, stream};
use tests::{Client, Database, Setup, Tenant, day, eventually, invoice};

use crate::audit::assert_books;

const MONTH_S: i64 = 30 * 86_400;
const INVOICES: usize = 200;
/// They take turns at the series of numbers, so more would only wait.
const AT_ONCE: usize = 16;

async fn bill(client: &Client, due_date: &str) {
    let mut body = invoice();
    body["due_date"] = due_date.into();
    let id = client.create("/invoices", &body).await;
    client.mark(&id, "sent").await.expect(200);
}

#[tokio::test]
async fn each_overdue_invoice_is_found_once_however_many_look() {
    let database = Database::fresh().await;
    let past = Setup::on(&database)
        .with("CLOCK__OFFSET_SECONDS", -MONTH_S)
        .in_role("api")
        .start()
        .await;
    let tenant = Tenant::on(&database).await;
    let client = tenant.at(&past);
    let due_date = day(-10);
    stream::iter(0..INVOICES)
        .for_each_concurrent(AT_ONCE, |_| bill(&client, &due_date))
        .await;
    drop(past);

    // The events of a month ago are not to be forgotten by those that run now.
    let sweeper = Setup::on(&database)
        .with("EVENTS__RETENTION_DAYS", 365)
        .with("SCHEDULER__OVERDUE_INTERVAL_S", 1)
        .with("SCHEDULER__OVERDUE_BATCH", 7);
    let (first, second, third) = tokio::join!(
        sweeper.clone().start(),
        sweeper.clone().start(),
        sweeper.clone().start()
    );
    first.kill();

    let left = "SELECT count(*) FROM invoices WHERE status <> 'overdue'";
    eventually("all are overdue", async || {
        (database.count(left, &[]).await == 0).then_some(())
    })
    .await;
    let touched_twice = "SELECT count(*) FROM invoices WHERE version <> 3";
    assert_eq!(database.count(touched_twice, &[]).await, 0);
    assert_books(&tenant.at(&second), &database).await;
    drop(third);
}
