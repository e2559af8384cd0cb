//! What PayPal has of an order, for those who only want to know: nothing is ever done by asking.

use app::{
    ports::{PaymentProvider, ProviderWork},
    testing::{FixedClock, NOW},
};
use jiff::SignedDuration;
use rstest::rstest;

use crate::{
    http_server::{Answer, HttpServer, nowhere},
    orders::{order, reference, sighting},
    paypal::paypal_at,
    paypal_server::{Gate, PaypalServer},
};

#[rstest]
#[case::charge(ProviderWork::Charge, "seen succeeded C1")]
#[case::payout(ProviderWork::Payout, "seen pending B1")]
#[case::refund(ProviderWork::Refund { of: reference("C9") }, "seen succeeded R1")]
#[tokio::test]
async fn what_has_a_name_is_looked_at_and_not_asked_for(
    #[case] work: ProviderWork,
    #[case] expected: &str,
) {
    let server = PaypalServer::start().await;
    let paypal = paypal_at(&server.http.url, &FixedClock::at(NOW));
    let order = order(work);
    let name = paypal.execute(&order).await.reference;
    let before = server.http.lines().len();

    let seen = paypal.observe(&order, name).await;

    assert_eq!(sighting(&seen), expected);
    let asked = server.http.lines().split_off(before);
    assert!(
        asked.iter().all(|line| line.starts_with("GET ")),
        "{asked:?}"
    );
}

#[rstest]
#[case::without_a_name(None)]
#[case::under_the_name_of_its_order(Some("O1"))]
#[tokio::test]
async fn a_charge_is_found_among_the_transactions_and_its_key_is_not_used(
    #[case] name: Option<&str>,
) {
    let server = PaypalServer::start().await;
    let clock = FixedClock::at(NOW);
    let paypal = paypal_at(&server.http.url, &clock);
    let charge = order(ProviderWork::Charge);
    paypal.execute(&charge).await;
    clock.advance(SignedDuration::from_hours(1));

    let seen = paypal.observe(&charge, name.map(reference)).await;

    assert_eq!(sighting(&seen), "seen succeeded C1");
    assert_eq!(server.times("POST /v2/checkout/orders"), 1);
}

#[rstest]
#[case::charge(ProviderWork::Charge, "never arrived")]
#[case::payout(ProviderWork::Payout, "not asked")]
#[case::refund(ProviderWork::Refund { of: reference("C9") }, "not asked")]
#[tokio::test]
async fn what_was_never_asked_for_is_not_done_by_looking_for_it(
    #[case] work: ProviderWork,
    #[case] expected: &str,
) {
    let server = PaypalServer::start().await;
    let clock = FixedClock::at(NOW);
    let paypal = paypal_at(&server.http.url, &clock);
    clock.advance(SignedDuration::from_hours(1));

    let seen = paypal.observe(&order(work), None).await;

    assert_eq!(sighting(&seen), expected);
    assert_eq!(server.books.lock().unwrap().moved(), 0);
}

#[rstest]
#[case::named(Some("C1"))]
#[case::to_be_searched_for(None)]
#[tokio::test]
async fn without_a_token_nothing_is_said_about_it(#[case] name: Option<&str>) {
    let server = PaypalServer::start().await;
    let paypal = paypal_at(&server.http.url, &FixedClock::at(NOW));
    let charge = order(ProviderWork::Charge);
    paypal.execute(&charge).await;
    {
        let mut books = server.books.lock().unwrap();
        books.revoke();
        books.gate = Gate::Shut;
    }

    let seen = paypal.observe(&charge, name.map(reference)).await;

    assert_eq!(sighting(&seen), "no answer");
}

#[rstest]
#[case::a_page_of_a_proxy(404, "<html>")]
#[case::out_of_order(500, "{}")]
#[case::too_many_requests(429, r#"{"name": "RATE_LIMIT_REACHED"}"#)]
#[case::not_allowed(403, r#"{"name": "NOT_AUTHORIZED"}"#)]
#[case::something_else(200, r#"{"hello": "world"}"#)]
#[case::a_state_that_nobody_has_heard_of(200, r#"{"id": "C1", "status": "CONFUSED"}"#)]
#[tokio::test]
async fn an_answer_that_says_nothing_is_no_answer(
    #[case] status: u16,
    #[case] body: &'static str,
    #[values(Some("C1"), None)] name: Option<&str>,
) {
    let server = HttpServer::start(move |request| {
        let token = r#"{"access_token": "A1", "expires_in": 3600}"#;
        match request.path.as_str() {
            "/v1/oauth2/token" => Answer::Says(200, token.to_owned()),
            _ => Answer::Says(status, body.to_owned()),
        }
    });
    let clock = FixedClock::at(NOW);
    let paypal = paypal_at(&server.await.url, &clock);
    clock.advance(SignedDuration::from_hours(1));
    let charge = order(ProviderWork::Charge);

    let seen = paypal.observe(&charge, name.map(reference)).await;

    assert_eq!(sighting(&seen), "no answer");
}

#[tokio::test]
async fn where_nobody_listens_nothing_is_known() {
    let paypal = paypal_at(&nowhere().await, &FixedClock::at(NOW));

    let seen = paypal.observe(&order(ProviderWork::Charge), None).await;

    assert_eq!(sighting(&seen), "no answer");
}
