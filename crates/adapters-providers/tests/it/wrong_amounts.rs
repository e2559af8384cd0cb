//! Providers that say that money moves, and not as much as was ordered.

use app::{
    ports::{PaymentProvider, ProviderWork},
    testing::{FixedClock, NOW},
};
use serde_json::{Value, json};

use crate::{
    http_server::{Answer, HttpServer},
    orders::{order, reference, sighting, spelt},
    paypal::paypal_at,
    stripe::stripe_at,
};

/// A provider that answers everything with this, but tokens with one.
async fn always(body: Value) -> HttpServer {
    let server = HttpServer::start(move |request| match request.path.as_str() {
        "/v1/oauth2/token" => {
            let token = json!({"access_token": "A1", "expires_in": 3_600});
            Answer::Says(200, token.to_string())
        }
        _ => Answer::Says(200, body.to_string()),
    });
    server.await
}

async fn told_of(provider: &impl PaymentProvider, work: ProviderWork) -> [String; 3] {
    let order = order(work);
    let executed = provider.execute(&order).await;
    let looked_up = provider.look_up(&order, Some(reference("X1"))).await;
    let observed = provider.observe(&order, Some(reference("X1"))).await;
    let code = executed.code.to_string();
    let [looked_up, observed] = [looked_up, observed].map(|it| sighting(&it));
    [format!("{} {code}", spelt(&executed)), looked_up, observed]
}

/// What Stripe and PayPal say of works that are no 10.00 EUR.
fn wrong_answers() -> [(ProviderWork, Value, Value); 3] {
    let money = |value: &str| json!({"value": value, "currency_code": "EUR"});
    let capture = json!({"id": "X1", "status": "COMPLETED", "amount": money("10.01")});
    let mut charge = capture.clone();
    charge["purchase_units"] = json!([{"payments": {"captures": [capture]}}]);
    let batch = json!({"payout_batch_id": "X1", "batch_status": "SUCCESS",
        "amount": {"value": "10.00", "currency": "USD"}});
    let of = reference("C9");
    [
        (
            ProviderWork::Charge,
            json!({"id": "X1", "status": "succeeded", "amount": 1_001, "currency": "eur"}),
            charge,
        ),
        (
            ProviderWork::Refund { of },
            json!({"id": "X1", "status": "pending", "amount": 100, "currency": "eur"}),
            json!({"id": "X1", "status": "PENDING", "amount": money("1.00")}),
        ),
        (
            ProviderWork::Payout,
            json!({"id": "X1", "status": "paid", "amount": 1_000, "currency": "usd"}),
            json!({"batch_header": batch}),
        ),
    ]
}

#[tokio::test]
async fn money_that_moves_by_another_amount_than_was_ordered_is_taken_for_nothing() {
    let clock = FixedClock::at(NOW);
    for (work, of_stripe, of_paypal) in wrong_answers() {
        let (stripe, paypal) = (always(of_stripe).await, always(of_paypal).await);

        let by_stripe = told_of(&stripe_at(&stripe.url, &clock), work.clone()).await;
        let by_paypal = told_of(&paypal_at(&paypal.url, &clock), work).await;

        let expected = ["unknown X1 wrong_amount", "no answer", "no answer"];
        assert_eq!(by_stripe, expected);
        assert_eq!(by_paypal, expected);
    }
}
