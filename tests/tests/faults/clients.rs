//! Clients that do not wait for their answers.

use futures_util::future::join_all;
use serde_json::json;
use tests::{Client, Database, Generator, Setup, Tenant, at_once, invoice};

use crate::audit::{assert_books, assert_no_open_transaction};

/// Writes of every kind, given up after 1 to 300 ms.
async fn hang_up_on(client: Client, mut dice: Generator) {
    for _ in 0..10 {
        let give_up = |call: tests::Call, dice: &mut Generator| {
            call.give_up_after(dice.moment_ms(1, 60)).attempt()
        };
        let created = give_up(client.post("/invoices", &invoice()), &mut dice).await;
        let id = created
            .ok()
            .and_then(|created| created.json()["id"].as_str().map(str::to_owned));
        let id = id.unwrap_or_else(|| "0193aaaa-0000-7000-8000-000000000000".to_owned());
        drop(give_up(client.get("/invoices?page=1"), &mut dice).await);
        drop(
            give_up(
                client.patch(&format!("/invoices/{id}"), &json!({"notes": "x"})),
                &mut dice,
            )
            .await,
        );
        drop(give_up(client.mark(&id, "sent"), &mut dice).await);
    }
}

#[tokio::test]
async fn clients_that_hang_up_leave_no_transaction_open_and_a_pool_of_two_serves_on() {
    let database = Database::fresh().await;
    let setup = Setup::on(&database)
        .with("DATABASE__POOL_MAX", 2)
        .with("DATABASE__POOL_MIN_IDLE", 0);
    let service = setup.start().await;
    let client = Tenant::on(&database).await.at(&service);

    join_all((0..20).map(|_| hang_up_on(client.clone(), Generator::default()))).await;

    assert_no_open_transaction(&database).await;
    let answers = at_once((0..20).map(|_| client.post("/invoices", &invoice()))).await;
    for answer in answers {
        answer.expect(201);
    }
    assert_books(&client, &database).await;
}

#[tokio::test]
async fn a_service_that_gives_up_after_a_millisecond_leaves_no_transaction_open() {
    let database = Database::fresh().await;
    let hasty = Setup::on(&database)
        .with("HTTP__REQUEST_TIMEOUT_MS", 1)
        .with("DATABASE__POOL_MAX", 2);
    let hasty = hasty.with("DATABASE__POOL_MIN_IDLE", 0).start().await;
    let tenant = Tenant::on(&database).await;
    let client = tenant.at(&hasty);

    let answers = at_once((0..200).map(|_| client.post("/invoices", &invoice()))).await;

    for answer in answers {
        assert!(matches!(answer.status, 201 | 503), "{}", answer.text());
        assert!(
            answer.status == 201 || answer.header("retry-after") == "1",
            "{answer:?}"
        );
    }
    assert_no_open_transaction(&database).await;
    let calm = Setup::on(&database).start().await;
    assert_books(&tenant.at(&calm), &database).await;
}

#[tokio::test]
async fn a_request_ends_when_its_time_is_over_whatever_it_waits_for() {
    let database = Database::fresh().await;
    let setup = Setup::on(&database).with("HTTP__REQUEST_TIMEOUT_MS", 300);
    let service = setup.with("DATABASE__LOCK_TIMEOUT_MS", 9_000).start().await;
    let client = Tenant::on(&database).await.at(&service);
    let id = client.create("/invoices", &invoice()).await;
    let somebody = database.connect().await;
    somebody
        .batch_execute("BEGIN; SELECT FROM invoices FOR UPDATE")
        .await
        .unwrap();

    let path = format!("/invoices/{id}");
    let given_up = client.patch(&path, &json!({"notes": "x"})).await;

    assert_eq!(given_up.verdict(), (503, "deadline_exceeded".to_owned()));
    somebody.batch_execute("ROLLBACK").await.unwrap();
    assert_no_open_transaction(&database).await;
    let changed = client.patch(&path, &json!({"notes": "y"})).await;
    assert_eq!(changed.expect(200)["notes"], "y");
}
