//! What became of an order when PayPal's answer to it is missing.

use app::{
    ports::{Clock, PaymentProvider, ProviderWork},
    testing::{FixedClock, NOW},
};
use jiff::SignedDuration;
use rstest::rstest;
use uuid::Uuid;

use crate::{
    orders::{execute_unheard, order, reference, sighting, spelt},
    paypal::paypal_at,
    paypal_server::PaypalServer,
};

#[tokio::test]
async fn after_a_lost_answer_asking_with_the_same_id_tells() {
    let server = PaypalServer::start().await;
    let paypal = paypal_at(&server.http.url, &FixedClock::at(NOW));
    let charge = order(ProviderWork::Charge);
    let lost = execute_unheard((&server, &paypal), &charge).await;

    let seen = paypal.look_up(&charge, None).await;

    assert_eq!(lost, "unknown: connection_lost");
    assert_eq!(sighting(&seen), "seen succeeded C1");
    assert_eq!(server.books.lock().unwrap().moved(), 1);
}

#[tokio::test]
async fn a_charge_whose_id_is_forgotten_is_found_among_the_transactions() {
    let server = PaypalServer::start().await;
    let clock = FixedClock::at(NOW);
    let paypal = paypal_at(&server.http.url, &clock);
    let charge = order(ProviderWork::Charge);
    let mut never_sent = charge.clone();
    never_sent.key = Uuid::from_u128(8);
    paypal.execute(&charge).await;
    {
        let mut books = server.books.lock().unwrap();
        books.forget_keys();
        books.strangers = 2;
    }
    clock.advance(SignedDuration::from_hours(12));

    let seen = paypal.look_up(&charge, None).await;
    let again = paypal.execute(&charge).await;
    let moved = server.books.lock().unwrap().moved();
    let unseen = paypal.look_up(&never_sent, None).await;

    assert_eq!(sighting(&seen), "seen succeeded C1");
    assert_eq!(spelt(&again), "succeeded C1");
    assert_eq!(moved, 1);
    assert_eq!(sighting(&unseen), "seen succeeded C2");
}

#[tokio::test]
async fn what_was_asked_for_late_is_seen_before_it_is_among_the_transactions() {
    let server = PaypalServer::start().await;
    let clock = FixedClock::at(NOW);
    let paypal = paypal_at(&server.http.url, &clock);
    let charge = order(ProviderWork::Charge);
    server.books.lock().unwrap().index_lags = true;
    clock.advance(SignedDuration::from_hours(12));
    let lost = execute_unheard((&server, &paypal), &charge).await;

    let seen = paypal.look_up(&charge, None).await;

    assert_eq!(lost, "unknown: connection_lost");
    assert_eq!(sighting(&seen), "seen succeeded C1");
    assert_eq!(server.books.lock().unwrap().moved(), 1);
}

#[tokio::test]
async fn a_charge_is_also_found_among_the_transactions_of_later_months() {
    let server = PaypalServer::start().await;
    let clock = FixedClock::at(NOW);
    let paypal = paypal_at(&server.http.url, &clock);
    let charge = order(ProviderWork::Charge);
    clock.advance(SignedDuration::from_hours(40 * 24));
    paypal.execute(&charge).await;
    {
        let mut books = server.books.lock().unwrap();
        books.forget_keys();
        books.made_at = Some(clock.now());
    }
    clock.advance(SignedDuration::from_hours(40 * 24));

    let seen = paypal.look_up(&charge, None).await;

    assert_eq!(sighting(&seen), "seen succeeded C1");
    assert_eq!(server.books.lock().unwrap().moved(), 1);
}

#[tokio::test]
async fn a_charge_is_found_among_more_transactions_than_paypal_tells_of() {
    let server = PaypalServer::start().await;
    let clock = FixedClock::at(NOW);
    let paypal = paypal_at(&server.http.url, &clock);
    let charge = order(ProviderWork::Charge);
    paypal.execute(&charge).await;
    {
        let mut books = server.books.lock().unwrap();
        books.forget_keys();
        books.strangers = 2 * 21;
    }
    clock.advance(SignedDuration::from_hours(12));

    let seen = paypal.look_up(&charge, None).await;

    assert_eq!(sighting(&seen), "seen succeeded C1");
    assert_eq!(server.times("GET /v1/reporting/transactions"), 2);
}

#[tokio::test]
async fn an_order_that_does_not_tell_of_its_capture_is_found_by_its_key() {
    let server = PaypalServer::start().await;
    let paypal = paypal_at(&server.http.url, &FixedClock::at(NOW));
    let charge = order(ProviderWork::Charge);
    server.books.lock().unwrap().is_brief = true;

    let brief = paypal.execute(&charge).await;
    let by_key = paypal.look_up(&charge, None).await;
    let by_order = paypal.look_up(&charge, Some(reference("O1"))).await;

    assert_eq!(spelt(&brief), "unknown: completed");
    let seen = [by_key, by_order].map(|it| sighting(&it));
    assert_eq!(seen, ["seen succeeded C1"; 2]);
    assert_eq!(server.books.lock().unwrap().moved(), 1);
}

#[tokio::test]
async fn what_is_not_called_so_is_never_done_again() {
    let server = PaypalServer::start().await;
    let paypal = paypal_at(&server.http.url, &FixedClock::at(NOW));
    let charge = order(ProviderWork::Charge);

    let seen = paypal.look_up(&charge, Some(reference("C9"))).await;

    assert_eq!(sighting(&seen), "no answer");
    assert_eq!(server.books.lock().unwrap().moved(), 0);
}

#[tokio::test]
async fn a_payout_that_is_refused_as_a_duplicate_is_the_one_it_duplicates() {
    let server = PaypalServer::start().await;
    let paypal = paypal_at(&server.http.url, &FixedClock::at(NOW));
    let payout = order(ProviderWork::Payout);
    paypal.execute(&payout).await;
    server.books.lock().unwrap().forget_keys();

    let answer = paypal.execute(&payout).await;

    assert_eq!(spelt(&answer), "pending B1");
    assert_eq!(server.books.lock().unwrap().moved(), 1);
}

#[rstest]
#[case::payout(ProviderWork::Payout)]
#[case::refund(ProviderWork::Refund { of: reference("C9") })]
#[tokio::test]
async fn what_paypal_lists_nowhere_is_not_done_again_when_its_id_is_forgotten(
    #[case] work: ProviderWork,
) {
    let server = PaypalServer::start().await;
    let clock = FixedClock::at(NOW);
    let paypal = paypal_at(&server.http.url, &clock);
    clock.advance(SignedDuration::from_hours(60 * 24));
    let order = order(work);

    let answer = paypal.execute(&order).await;
    let seen = paypal.look_up(&order, None).await;

    assert_eq!(spelt(&answer), "unknown: not_found_out");
    assert_eq!(sighting(&seen), "not asked");
    assert_eq!(server.books.lock().unwrap().moved(), 0);
}
