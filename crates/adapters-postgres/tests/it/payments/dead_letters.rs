//! What was given up, with its story.

use std::sync::Arc;

use adapters_postgres::PgPaymentDeadLetterQueries;
use app::{
    payments::{
        DiscardDeadPayment, DiscardDeadPaymentError, DiscardDeadPaymentHandler, Patience, Report,
        RetryDeadPayment, RetryDeadPaymentError, RetryDeadPaymentHandler, SettleWork,
        SettleWorkHandler, Settled,
    },
    ports::{Clock, DeadPaymentView, PaymentDeadLetterQueries, WorkKey},
    testing::{ORGANIZATION, caller, stranger},
};
use domain::{
    ids::{OrganizationId, PaymentId, RefundId},
    payments::{
        Chance, CheckSchedule, Direction, Outcome, PaymentStatus, ProviderAnswer, RetryPolicy,
    },
};
use jiff::SignedDuration;

use super::status;
use crate::support::{Ledger, external, first, providers};

fn key(payment_id: PaymentId, refund_id: Option<RefundId>) -> WorkKey {
    WorkKey {
        organization_id: ORGANIZATION,
        payment_id,
        refund_id,
    }
}

/// Tries it as a worker does who never tries twice, with a provider that is out of reach.
async fn give_up(ledger: &Ledger, key: WorkKey) -> Settled {
    let world = &ledger.world;
    let errands = world.take_up(key).await;
    assert_eq!(errands.len(), 1);
    let errand = errands.first().unwrap();
    let patience = Patience {
        retry: RetryPolicy::new(
            1,
            SignedDuration::from_secs(1),
            SignedDuration::from_secs(1),
        ),
        checks: CheckSchedule::default(),
    };
    let settle = SettleWorkHandler::new(patience, world.clock.clone(), world.ids.clone());
    let command = SettleWork {
        key,
        version: errand.version,
        asked_at: world.clock.now(),
        report: Report::Executed(ProviderAnswer::of(Outcome::Retryable, "unavailable")),
        chance: Chance::WHOLE,
    };
    world.bus.execute(Arc::new(settle), command).await.unwrap()
}

async fn letters(ledger: &Ledger, owner: OrganizationId) -> Vec<DeadPaymentView> {
    let queries = PgPaymentDeadLetterQueries::new(ledger.world.database.clone());
    queries.list(owner, first()).await.unwrap().rows
}

/// What happened, and how many attempts there had been then.
fn told(view: &DeadPaymentView) -> Vec<(String, i64)> {
    let entries = view.story.as_array().unwrap().iter();
    let entry = |it: &serde_json::Value| {
        let attempt = it["attempt"].as_i64().unwrap();
        (it["type"].as_str().unwrap().to_owned(), attempt)
    };
    entries.map(entry).collect()
}

fn story(entries: &[(&str, i64)]) -> Vec<(String, i64)> {
    let owned = |(event, attempt): &(&str, i64)| ((*event).to_owned(), *attempt);
    entries.iter().map(owned).collect()
}

#[tokio::test]
async fn a_payment_that_was_given_up_tells_its_story() {
    let ledger = Ledger::with(&[600]).await;
    let payment = ledger.world.pay(external(Direction::Payout, 100)).await;
    let payment = payment.unwrap();

    let settled = give_up(&ledger, key(payment.id, None)).await;

    assert_eq!(settled, Settled::Dead);
    let [letter] = &letters(&ledger, ORGANIZATION).await[..] else {
        panic!("one letter");
    };
    let expected = [
        ("payment.created", 0),
        ("payment.processing", 1),
        ("payment.failed", 1),
    ];
    assert_eq!(told(letter), story(&expected));
    assert_eq!(letter.dead.answer_code.as_deref(), Some("unavailable"));
    assert_eq!(ledger.admin.balance_of(1).await, (600, 0));
    ledger.is_consistent().await;
}

#[tokio::test]
async fn a_refund_that_was_given_up_tells_what_became_of_itself() {
    let ledger = Ledger::with(&[600]).await;
    let payment = ledger.world.pay(external(Direction::Charge, 100)).await;
    let payment = payment.unwrap();
    ledger.world.work(payment.id, Outcome::Succeeded).await;
    let other = ledger.world.refund(payment.id, Some(10)).await.unwrap();
    let refund = ledger.world.refund(payment.id, Some(30)).await.unwrap();

    let settled = give_up(&ledger, key(payment.id, Some(refund.id))).await;

    assert_eq!(settled, Settled::Dead);
    let [letter] = &letters(&ledger, ORGANIZATION).await[..] else {
        panic!("one letter");
    };
    let expected = [
        ("payment.created", 0),
        ("payment.processing", 1),
        ("payment.completed", 1),
        ("payment.refund_requested", 1),
        ("payment.refund_requested", 1),
        ("payment.refund_failed", 1),
        ("refund.created", 0),
        ("refund.processing", 1),
        ("refund.failed", 1),
    ];
    // The clock stands still here: what happens at one instant is told of the payment first.
    assert_eq!(told(letter), story(&expected));
    assert_eq!(letter.dead.key.refund_id, Some(refund.id));
    assert_ne!(letter.dead.key.refund_id, Some(other.id));
    ledger.is_consistent().await;
}

#[tokio::test]
async fn a_dead_letter_is_seen_and_changed_by_its_organization_only() {
    let ledger = Ledger::with(&[600]).await;
    let payment = ledger.world.pay(external(Direction::Payout, 100)).await;
    let payment = payment.unwrap();
    give_up(&ledger, key(payment.id, None)).await;
    let id = letters(&ledger, ORGANIZATION).await[0].dead.id;
    let world = &ledger.world;
    let retry =
        || RetryDeadPaymentHandler::new(world.clock.clone(), world.ids.clone(), providers());

    let foreign = letters(&ledger, stranger().organization_id).await;
    let caller_of = |caller| RetryDeadPayment { caller, id };
    let stolen = world
        .bus
        .execute(Arc::new(retry()), caller_of(stranger()))
        .await;
    let forgotten = DiscardDeadPayment {
        caller: stranger(),
        id,
    };
    let discard = Arc::new(DiscardDeadPaymentHandler);
    let forgotten = world.bus.execute(discard, forgotten).await;
    let retried = world
        .bus
        .execute(Arc::new(retry()), caller_of(caller()))
        .await;

    assert_eq!(foreign, []);
    assert!(matches!(stolen, Err(RetryDeadPaymentError::NotFound(it)) if it == id));
    assert!(matches!(forgotten, Err(DiscardDeadPaymentError::NotFound(it)) if it == id));
    assert_eq!(retried.unwrap().id, id);
    assert_eq!(status(&ledger, payment.id).await, PaymentStatus::Pending);
    assert_eq!(ledger.admin.balance_of(1).await, (600, 100));
    assert_eq!(letters(&ledger, ORGANIZATION).await, []);
    ledger.is_consistent().await;
}

#[tokio::test]
async fn what_is_retried_is_given_up_anew_with_its_longer_story() {
    let ledger = Ledger::with(&[600]).await;
    let payment = ledger.world.pay(external(Direction::Payout, 100)).await;
    let payment = payment.unwrap();
    give_up(&ledger, key(payment.id, None)).await;
    let id = letters(&ledger, ORGANIZATION).await[0].dead.id;
    let world = &ledger.world;
    let retry = RetryDeadPaymentHandler::new(world.clock.clone(), world.ids.clone(), providers());
    let command = RetryDeadPayment {
        caller: caller(),
        id,
    };
    world.bus.execute(Arc::new(retry), command).await.unwrap();

    give_up(&ledger, key(payment.id, None)).await;

    let [letter] = &letters(&ledger, ORGANIZATION).await[..] else {
        panic!("one letter");
    };
    let types: Vec<_> = told(letter).into_iter().map(|(event, _)| event).collect();
    let lives = ["payment.processing", "payment.failed", "payment.revived"];
    let expected = [&["payment.created"][..], &lives, &lives[..2]].concat();
    assert_eq!(types, expected);
    assert_eq!(ledger.admin.balance_of(1).await, (600, 0));
    ledger.is_consistent().await;
}
