//! Refunds by either of their two names.

use serde_json::json;

use super::{Till, comes_to_be};
use crate::form::fresh_key;

#[tokio::test]
async fn a_refund_by_its_short_name_is_the_same() {
    let till = Till::with(1_000).await;
    let paid = till.paid(&till.internal(100), "completed").await;
    let short = format!("/payments/{paid}/refund");
    let body = json!({"amount_minor": 30, "reason": "half of it was broken"});
    let key = fresh_key();
    let ask = async || till.client.post(&short, &body).idempotency_key(&key).await;

    let without_a_key = till.client.post(&short, &body).await;
    let refunded = ask().await;
    let again = ask().await;
    let rest = till.refund(&paid, &json!({})).await.expect(201);

    assert_eq!(
        without_a_key.verdict(),
        (400, "idempotency_key_required".to_owned())
    );
    let id = refunded.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(
        refunded.header("location"),
        format!("/api/v1/payments/{paid}/refunds/{id}")
    );
    assert_eq!(
        (again.status, again.body),
        (refunded.status, refunded.body.clone())
    );
    let refunded = refunded.expect(201);
    assert_eq!(refunded["amount_minor"], 30);
    assert_eq!(rest["amount_minor"], 70);
    assert_eq!(till.on(&till.full).await, (1_000, 0));
    let charged = till.paid(&till.charge(50), "completed").await;
    let later = till
        .client
        .post(&format!("/payments/{charged}/refund"), &json!({}));
    let later = later.idempotency_key(&fresh_key()).await.expect(202);
    let later = format!(
        "/payments/{charged}/refunds/{}",
        later["id"].as_str().unwrap()
    );
    comes_to_be(&till.client, &later, "completed").await;
}
