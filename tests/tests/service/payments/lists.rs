//! What is found among payments, and what it keeps from happening.

use serde_json::json;
use tests::{Database, Setup, Tenant, eventually};

use super::{Till, account, but};

#[tokio::test]
async fn an_unknown_payment_is_listed_with_its_age_and_keeps_its_invoice_from_being_paid_again() {
    let database = Database::fresh().await;
    let setup = Setup::on(&database)
        .and_role("worker")
        .with("PROVIDERS__SIMULATOR__ENABLED", true)
        .with("PAYMENTS__CHECKS_S", 3_600);
    let service = setup.start().await;
    let client = Tenant::on(&database).await.at(&service);
    let empty = account(&client, "USD", 0).await;
    let till = Till {
        client,
        full: empty.clone(),
        empty,
    };
    let invoice = till.invoice(100).await;
    let unknown = json!({"invoice_id": invoice, "metadata": {"simulate": "pending"}});
    let id = till.pay(&but(till.charge(40), unknown)).await.expect(202)["id"].clone();
    let listed = async || {
        let page = till
            .client
            .get("/payments?status=unknown")
            .await
            .expect(200);
        page["data"].as_array().unwrap().first().cloned()
    };
    eventually("it is unknown", async || {
        let found = listed().await;
        found.filter(|it| it["id"] == id && it["unknown_for_seconds"].as_i64() >= Some(1))
    })
    .await;

    let second = till
        .pay(&but(till.charge(60), json!({"invoice_id": invoice})))
        .await;

    assert_eq!(
        second.verdict(),
        (422, "invoice_payment_unknown".to_owned())
    );
    let page = till
        .client
        .get("/payments?status=unknown")
        .await
        .expect(200);
    assert_eq!(page["data"].as_array().unwrap().len(), 1);
    assert!(page["data"][0]["next_check_at"].is_string() && page["data"][0]["checks"].is_u64());
}

#[tokio::test]
async fn payments_are_found_by_the_days_on_which_they_were_accepted() {
    let till = Till::with(1_000).await;
    till.paid(&till.internal(100), "completed").await;

    for (days, expected) in [
        ("from_date=2000-01-01", 1),
        ("to_date=9000-01-01", 1),
        ("from_date=2000-01-01&to_date=9000-01-01", 1),
        ("from_date=9000-01-01", 0),
        ("to_date=2000-01-01", 0),
    ] {
        let found = till.client.get(&format!("/payments?{days}")).await;
        let found = found.expect(200);
        assert_eq!(found["data"].as_array().unwrap().len(), expected, "{days}");
    }
}
