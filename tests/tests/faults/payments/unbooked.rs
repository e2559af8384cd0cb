//! Money that has moved at the provider, and that the ledger does not take.

use serde_json::json;
use tests::within;

use super::{PATIENCE, Scene};

const CLOSE: &str =
    "UPDATE account_standings SET status = 'closed' WHERE account_id = $1::text::uuid";
const OPEN: &str =
    "UPDATE account_standings SET status = 'active' WHERE account_id = $1::text::uuid";

#[tokio::test]
async fn what_the_ledger_does_not_take_is_told_and_booked_as_soon_as_the_way_is_open() {
    let scene = Scene::new().await;
    let body = json!({"owner": "empty", "currency": "USD"});
    let empty = scene.client.create("/accounts", &body).await;
    let body = json!({
        "payment_type": "external_payment", "direction": "charge", "provider": "simulator",
        "destination_account_id": empty, "amount_minor": 1_000, "currency": "USD",
        "metadata": {"simulate": "success"},
    });
    let accepted = scene.client.post("/payments", &body);
    let id = accepted.idempotency_key("pay").await.expect(202)["id"].clone();
    let id = id.as_str().expect("an id");
    // No use case closes an account that money may yet come to.
    let operator = scene.database.connect().await;
    let closed = operator.execute(CLOSE, &[&empty]).await;
    closed.expect("it is closed");

    let worker = scene.worker().await;
    within(PATIENCE, "it is told that it is not booked", async || {
        let told = worker.metric("payments_unbooked_total").await;
        (told >= Some(1.0)).then_some(())
    })
    .await;
    within(PATIENCE, "nobody knows what became of it", async || {
        let meanwhile = scene.payment(id).await;
        (meanwhile["status"] == "unknown").then_some(())
    })
    .await;
    let opened = operator.execute(OPEN, &[&empty]).await;
    opened.expect("it is open");

    scene.assert_all_is_well().await;
    assert_eq!(scene.payment(id).await["status"], "completed");
}
