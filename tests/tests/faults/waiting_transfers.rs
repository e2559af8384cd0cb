//! What is told of transfers while the database does not get on with them.

use futures_util::future::join_all;
use serde_json::json;
use tests::{Database, Setup, Tenant, eventually};

const ASKED: usize = 10;

#[tokio::test]
async fn transfers_that_wait_are_counted_also_while_none_is_written() {
    let database = Database::fresh().await;
    // Longer than the test takes.
    let setup = Setup::on(&database).with("DATABASE__LOCK_TIMEOUT_MS", 60_000);
    let setup = setup.with("DATABASE__STATEMENT_TIMEOUT_MS", 60_000);
    let service = setup.with("DATABASE__QUERY_DEADLINE_MS", 60_000);
    let service = service.start().await;
    let client = Tenant::on(&database).await.at(&service);
    let body = json!({"owner": "ada", "name": "Ada", "currency": "USD"});
    let account = client.create("/accounts", &body).await;
    let foreign = database.connect().await;
    let locked = foreign.batch_execute("BEGIN; LOCK TABLE transfers IN ACCESS EXCLUSIVE MODE");
    locked.await.expect("the table is ours");

    let path = format!("/accounts/{account}/deposits");
    let deposit = json!({"amount_minor": 1, "currency": "USD"});
    let deposits = join_all((0..ASKED).map(|number| {
        let asked = client.post(&path, &deposit);
        let asked = asked.idempotency_key(&format!("deposit-{number}"));
        async move { asked.await.status }
    }));
    let watching = async {
        eventually("all that wait are counted", async || {
            let waiting = service.metric("ledger_transfers_waiting").await;
            (waiting == Some(10.0)).then_some(())
        })
        .await;
        foreign.batch_execute("COMMIT").await
    };
    let (statuses, unlocked) = tokio::join!(deposits, watching);

    unlocked.expect("the table is free");
    assert_eq!(statuses, [201; ASKED]);
    eventually("nothing waits any more", async || {
        (service.metric("ledger_transfers_waiting").await == Some(0.0)).then_some(())
    })
    .await;
    assert!(service.metric("ledger_commit_duration_seconds_count").await >= Some(1.0));
}
