//! Payments that are called off while they wait for another attempt.

use serde_json::json;
use tests::{Database, Setup, Tenant, eventually};

use super::{Till, account, but, comes_to_be};

/// With an hour between the first attempt and the second at most, of which chance takes a part.
fn patient(database: &Database) -> Setup {
    Setup::on(database)
        .and_role("worker")
        .with("PROVIDERS__SIMULATOR__ENABLED", true)
        .with("PAYMENTS__RETRY_FIRST_MS", 3_600_000)
        .with("PAYMENTS__RETRY_LONGEST_MS", 3_600_000)
        .with("PAYMENTS__SWEEP_MS", 50)
}

#[tokio::test]
async fn a_payment_that_waits_for_another_attempt_is_called_off_for_good() {
    let database = Database::fresh().await;
    let service = patient(&database).start().await;
    let client = Tenant::on(&database).await.at(&service);
    let (full, empty) = (
        account(&client, "USD", 1_000).await,
        account(&client, "USD", 0).await,
    );
    let till = Till {
        client,
        full,
        empty,
    };
    let body = but(
        till.payout(400),
        json!({"metadata": {"simulate": "outage"}}),
    );
    let id = till.pay(&body).await.expect(202)["id"].clone();
    let path = format!("/payments/{}", id.as_str().unwrap());
    eventually("it waits for another attempt", async || {
        let payment = till.client.get(&path).await.expect(200);
        (payment["attempts"] == 1 && payment["status"] == "pending").then_some(())
    })
    .await;
    assert_eq!(till.on(&till.full).await, (1_000, 400));

    let cancelled = till.client.post(&format!("{path}/cancel"), &json!({}));
    let cancelled = cancelled.await.expect(200);

    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(till.on(&till.full).await, (1_000, 0));
    // As if its time had come: whoever looks for what is due comes to a later one, and leaves it alone.
    let later = till.pay(&till.payout(100)).await.expect(202)["id"].clone();
    let later = format!("/payments/{}", later.as_str().unwrap());
    comes_to_be(&till.client, &later, "completed").await;
    assert_eq!(till.client.get(&path).await.expect(200), cancelled);
    let letters = till.client.get("/dead-letters").await.expect(200);
    assert_eq!(letters["data"], json!([]));
    let events = till.client.get(&format!("{path}/events")).await;
    let events = events.expect(200);
    let told: Vec<_> = events["data"].as_array().unwrap().iter().collect();
    assert_eq!(told[0]["type"], "payment.cancelled");
    let orders =
        "SELECT count(*) FROM simulator_orders WHERE amount_minor = 400 AND moved_at IS NOT NULL";
    assert_eq!(database.count(orders, &[]).await, 0);
    let due = "SELECT count(*) FROM payments WHERE due_at IS NOT NULL";
    assert_eq!(database.count(due, &[]).await, 0);
}
