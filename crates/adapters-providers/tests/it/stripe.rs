//! Payments through Stripe.

use std::{sync::Arc, time::Duration};

use adapters_providers::{Stripe, StripeOptions};
use app::{
    ports::{PaymentProvider, ProviderOrder, ProviderWork},
    testing::{FixedClock, NOW},
};
use domain::{ledger::TransferAmount, payments::Outcome, values::Currency};
use jiff::SignedDuration;
use rstest::rstest;
use uuid::Uuid;

use crate::{
    http_server::{Answer, HttpServer, nowhere},
    orders::{order, reference, sighting, spelt},
    stripe_mock::StripeMock,
    stripe_server::{Fate, StripeServer},
};

/// Stripe at this address.
pub(crate) fn stripe_at(url: &str, clock: &Arc<FixedClock>) -> Stripe {
    let options = StripeOptions {
        url: url.to_owned(),
        secret_key: "sk_test_1".into(),
        answer_max: Duration::from_secs(5),
    };
    Stripe::new(options, clock.clone()).unwrap()
}

fn hasty_stripe_at(url: &str) -> Stripe {
    let options = StripeOptions {
        url: url.to_owned(),
        secret_key: "sk_test_1".into(),
        answer_max: Duration::from_millis(200),
    };
    Stripe::new(options, FixedClock::at(NOW)).unwrap()
}

/// One of each, the latter two about something that is there.
fn works() -> [ProviderWork; 4] {
    [
        ProviderWork::Charge,
        ProviderWork::Payout,
        ProviderWork::Refund {
            of: reference("pi_of"),
        },
        ProviderWork::Recall {
            of: reference("po_of"),
        },
    ]
}

/// As much as the objects are about that the mock makes up.
fn order_for_mock(work: ProviderWork) -> ProviderOrder {
    let minor = match work {
        ProviderWork::Charge => 1_099,
        ProviderWork::Refund { .. } => 100,
        ProviderWork::Payout | ProviderWork::Recall { .. } => 1_100,
    };
    ProviderOrder {
        amount: TransferAmount::from_minor(minor).unwrap(),
        currency: Currency::parse("USD").unwrap(),
        ..order(work)
    }
}

/// A charge.
pub(crate) fn charge() -> ProviderOrder {
    order(ProviderWork::Charge)
}

/// It refuses what Stripe would not understand with 400, and answers all else with made-up objects.
#[tokio::test]
async fn stripe_understands_what_is_sent() {
    let Some(mock) = StripeMock::start() else {
        println!("no stripe-mock: `cargo xtask test` builds it where there is Go");
        return;
    };
    let stripe = stripe_at(&mock.url, &FixedClock::at(NOW));

    for order in works().map(order_for_mock) {
        let answer = stripe.execute(&order).await;
        assert!(answer.reference.is_some(), "{:?}: {answer:?}", order.work);
        let seen = stripe.look_up(&order, answer.reference).await;
        assert!(sighting(&seen).starts_with("seen "), "{seen:?}");
    }
}

#[tokio::test]
async fn stripe_understands_what_is_looked_for_when_keys_are_forgotten() {
    let Some(mock) = StripeMock::start() else {
        println!("no stripe-mock: `cargo xtask test` builds it where there is Go");
        return;
    };
    let clock = FixedClock::at(NOW);
    let stripe = stripe_at(&mock.url, &clock);
    clock.advance(SignedDuration::from_hours(24));

    for order in works().map(order_for_mock) {
        let found = stripe.look_up(&order, None).await;
        assert!(sighting(&found).starts_with("seen "), "{found:?}");
    }
}

#[tokio::test]
async fn money_moves_once_however_often_it_is_asked() {
    let server = StripeServer::start().await;
    let stripe = stripe_at(&server.http.url, &FixedClock::at(NOW));

    let answers = [
        stripe.execute(&charge()).await,
        stripe.execute(&charge()).await,
    ];
    let seen = stripe.look_up(&charge(), None).await;

    assert_eq!(answers.map(|it| spelt(&it)), ["succeeded pi_1"; 2]);
    assert_eq!(sighting(&seen), "seen succeeded pi_1");
    assert_eq!(server.moved(), 1);
}

#[rstest]
#[case::of_the_answer(Fate::Lost)]
#[case::of_the_request(Fate::NeverHeard)]
#[tokio::test]
async fn after_a_loss_asking_with_the_same_key_tells_and_moves_no_more_than_once(
    #[case] fate: Fate,
) {
    let server = StripeServer::start().await;
    let stripe = stripe_at(&server.http.url, &FixedClock::at(NOW));
    server.let_answers(fate);
    let lost = stripe.execute(&charge()).await;
    server.let_answers(Fate::Arrives);

    let seen = stripe.look_up(&charge(), None).await;

    assert_eq!(spelt(&lost), "unknown: connection_lost");
    assert_eq!(sighting(&seen), "seen succeeded pi_1");
    assert_eq!(server.moved(), 1);
}

#[tokio::test]
async fn a_part_of_a_payout_is_not_taken_back() {
    let server = StripeServer::start().await;
    let stripe = stripe_at(&server.http.url, &FixedClock::at(NOW));
    stripe.execute(&order(ProviderWork::Payout)).await;
    let mut recall = order(ProviderWork::Recall {
        of: reference("po_1"),
    });
    recall.key = Uuid::from_u128(8);
    recall.amount = TransferAmount::from_minor(999).unwrap();

    let answer = stripe.execute(&recall).await;

    assert_eq!(spelt(&answer), "declined: partial_reversal_unsupported");
    assert_eq!(server.moved(), 1);
}

#[tokio::test]
async fn another_order_of_a_known_key_is_not_taken_for_it() {
    let server = StripeServer::start().await;
    let stripe = stripe_at(&server.http.url, &FixedClock::at(NOW));
    let mut other = charge();
    other.amount = TransferAmount::from_minor(2_000).unwrap();
    stripe.execute(&charge()).await;

    let answer = stripe.execute(&other).await;

    assert_eq!(spelt(&answer), "unknown: idempotency_error");
}

#[rstest]
#[case::hangs(Answer::Hangs, "unknown: timeout")]
#[case::hangs_up(Answer::HangsUp, "unknown: connection_lost")]
#[case::never_ends(Answer::NeverEnds, "unknown: unreadable")]
#[case::no_json(Answer::Says(200, "<html>".to_owned()), "unknown: unreadable")]
#[case::a_page_of_a_proxy(Answer::Says(404, "<html>".to_owned()), "unknown: unreadable")]
#[case::server_error(Answer::Says(500, "{}".to_owned()), "unknown: api_error")]
#[case::busy(Answer::Says(429, "{}".to_owned()), "retryable: rate_limit")]
#[tokio::test]
async fn no_answer_and_no_good_one_tell_nothing(#[case] answer: Answer, #[case] expected: &str) {
    let server = HttpServer::start(move |_| answer.clone()).await;
    let stripe = hasty_stripe_at(&server.url);

    let executed = stripe.execute(&charge()).await;
    let known = stripe.look_up(&charge(), Some(reference("pi_1"))).await;
    let unknown = stripe.look_up(&charge(), None).await;

    assert_eq!(spelt(&executed), expected);
    assert_eq!([known, unknown].map(|it| sighting(&it)), ["no answer"; 2]);
}

#[tokio::test]
async fn where_nobody_listens_nothing_has_happened() {
    let stripe = hasty_stripe_at(&nowhere().await);

    let answer = stripe.execute(&charge()).await;
    let seen = stripe.look_up(&charge(), None).await;

    assert_eq!(answer.outcome, Outcome::Retryable);
    assert_eq!(sighting(&seen), "no answer");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = HttpServer::start(|_| Answer::Says(200, "{}".to_owned())).await;
    let target = elsewhere.url.clone();
    let server = HttpServer::start(move |_| Answer::Redirects(target.clone())).await;

    let answer = hasty_stripe_at(&server.url).execute(&charge()).await;

    assert_eq!(spelt(&answer), "unknown: unreadable");
    assert!(elsewhere.lines().is_empty());
}
