//! What became of an order when Stripe's answer to it is missing.

use adapters_providers::Stripe;
use app::{
    ports::{PaymentProvider, ProviderOrder, ProviderWork},
    testing::{FixedClock, NOW},
};
use jiff::SignedDuration;
use rstest::rstest;
use uuid::Uuid;

use crate::{
    orders::{execute_unheard, order, reference, sighting, spelt},
    stripe::{charge, stripe_at},
    stripe_server::{Fate, StripeServer},
};

/// The first makes what the second is about; then somebody else makes more of the same.
async fn lose_the_answer_about(
    server: &StripeServer,
    stripe: &Stripe,
    order: &ProviderOrder,
) -> String {
    let lost = execute_unheard((server, stripe), order).await;
    for stranger in 100..103 {
        let mut other = order.clone();
        other.key = Uuid::from_u128(stranger);
        stripe.execute(&other).await;
    }
    lost
}

#[rstest]
#[case::charge(None)]
#[case::payout(Some(ProviderWork::Payout))]
#[case::refund(Some(ProviderWork::Refund { of: reference("pi_1") }))]
#[tokio::test]
async fn what_was_done_for_a_forgotten_key_is_found_and_not_done_again(
    #[case] work: Option<ProviderWork>,
) {
    let server = StripeServer::start().await;
    let clock = FixedClock::at(NOW);
    let stripe = stripe_at(&server.http.url, &clock);
    let mut order = order(work.unwrap_or(ProviderWork::Charge));
    order.key = Uuid::from_u128(8);
    stripe.execute(&charge()).await;
    let lost = lose_the_answer_about(&server, &stripe, &order).await;
    clock.advance(SignedDuration::from_hours(30));
    server.books.lock().unwrap().forget_keys();
    let moved = server.moved();

    let seen = sighting(&stripe.look_up(&order, None).await);
    let again = spelt(&stripe.execute(&order).await);

    assert_eq!(lost, "unknown: connection_lost");
    assert!(seen.ends_with("_2"), "{seen}");
    assert_eq!(seen, format!("seen {again}"));
    assert_eq!(server.moved(), moved);
}

#[tokio::test]
async fn a_reversal_for_a_forgotten_key_is_found_by_its_payout() {
    let server = StripeServer::start().await;
    let clock = FixedClock::at(NOW);
    let stripe = stripe_at(&server.http.url, &clock);
    stripe.execute(&order(ProviderWork::Payout)).await;
    let mut recall = order(ProviderWork::Recall {
        of: reference("po_1"),
    });
    recall.key = Uuid::from_u128(8);
    clock.advance(SignedDuration::from_hours(30));

    let done = spelt(&stripe.execute(&recall).await);
    server.books.lock().unwrap().forget_keys();
    let after = sighting(&stripe.look_up(&recall, None).await);
    let again = spelt(&stripe.execute(&recall).await);

    assert_eq!(
        [done, after, again],
        ["pending po_2", "seen pending po_2", "pending po_2"]
    );
    assert_eq!(server.moved(), 2);
}

#[tokio::test]
async fn what_never_arrived_is_done_also_when_its_key_would_be_forgotten() {
    let server = StripeServer::start().await;
    let clock = FixedClock::at(NOW);
    let stripe = stripe_at(&server.http.url, &clock);
    clock.advance(SignedDuration::from_hours(30));

    let seen = stripe.look_up(&charge(), None).await;
    let done = stripe.execute(&charge()).await;

    assert_eq!(sighting(&seen), "seen succeeded pi_1");
    assert_eq!(spelt(&done), "succeeded pi_1");
    assert_eq!(server.moved(), 1);
}

#[tokio::test]
async fn what_was_asked_for_late_is_seen_before_any_search_finds_it() {
    let server = StripeServer::start().await;
    let clock = FixedClock::at(NOW);
    let stripe = stripe_at(&server.http.url, &clock);
    server.books.lock().unwrap().index_lags = true;
    clock.advance(SignedDuration::from_hours(30));
    let lost = execute_unheard((&server, &stripe), &charge()).await;

    let seen = stripe.look_up(&charge(), None).await;

    assert_eq!(lost, "unknown: connection_lost");
    assert_eq!(sighting(&seen), "seen succeeded pi_1");
    assert_eq!(server.moved(), 1);
}

#[tokio::test]
async fn what_was_done_under_an_error_that_is_repeated_is_found_once_it_can_be() {
    let server = StripeServer::start().await;
    let stripe = stripe_at(&server.http.url, &FixedClock::at(NOW));
    server.books.lock().unwrap().index_lags = true;
    server.let_answers(Fate::Fails);
    let failed = stripe.execute(&charge()).await;
    server.let_answers(Fate::Arrives);

    let too_early = stripe.look_up(&charge(), None).await;
    server.books.lock().unwrap().index_lags = false;
    let seen = stripe.look_up(&charge(), None).await;

    assert_eq!(spelt(&failed), "unknown: api_error");
    assert_eq!(sighting(&too_early), "no answer");
    assert_eq!(sighting(&seen), "seen succeeded pi_1");
    assert_eq!(server.moved(), 1);
}

#[tokio::test]
async fn what_is_not_called_so_is_searched_and_never_done_again() {
    let server = StripeServer::start().await;
    let stripe = stripe_at(&server.http.url, &FixedClock::at(NOW));
    let wrong = Some(reference("pi_9"));

    let nowhere = stripe.look_up(&charge(), wrong.clone()).await;
    let moved_before = server.moved();
    stripe.execute(&charge()).await;
    let found = stripe.look_up(&charge(), wrong).await;

    assert_eq!(sighting(&nowhere), "no answer");
    assert_eq!(moved_before, 0);
    assert_eq!(sighting(&found), "seen succeeded pi_1");
}

#[tokio::test]
async fn a_payout_that_the_bank_sends_back_is_seen_to_have_failed_after_it_was_paid() {
    let server = StripeServer::start().await;
    let stripe = stripe_at(&server.http.url, &FixedClock::at(NOW));
    let payout = order(ProviderWork::Payout);
    stripe.execute(&payout).await;
    let called = Some(reference("po_1"));
    server.books.lock().unwrap().made[0]["status"] = "paid".into();
    let paid = stripe.look_up(&payout, called.clone()).await;
    {
        let made = &mut server.books.lock().unwrap().made[0];
        made["status"] = "failed".into();
        made["failure_code"] = "account_closed".into();
    }

    let failed = stripe.look_up(&payout, called).await;

    assert_eq!(sighting(&paid), "seen succeeded po_1");
    assert_eq!(sighting(&failed), "seen declined po_1");
}
