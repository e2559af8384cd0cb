//! Payments on a database: what they leave in the ledger, on invoices, in their history and for others.

mod at_once;
mod dead_letters;
mod doubts;
mod invoices;
mod lists;
mod notices;
mod returns;

use app::{
    payments::{AcceptPaymentError, RefundPaymentError},
    ports::{PaymentQueries, Saved},
    testing::ORGANIZATION,
};
use domain::{
    ids::PaymentId,
    ledger::Rejection,
    payments::{Direction, Outcome, PaymentStatus},
};
use rstest::rstest;

use crate::support::{Ledger, currency, external, first, internal};
use adapters_postgres::PgPaymentQueries;

/// What is on account 1, what of that is held, and what is on the clearing account.
async fn money(ledger: &Ledger) -> (i64, i64, i64) {
    let (balance, held) = ledger.admin.balance_of(1).await;
    let clearing = ledger.admin.system_balance("clearing:simulator", "USD");
    (balance, held, clearing.await)
}

async fn status(ledger: &Ledger, id: PaymentId) -> PaymentStatus {
    let queries = PgPaymentQueries::new(ledger.world.database.clone());
    let found = queries.find(ORGANIZATION, id).await.unwrap();
    found.unwrap().status()
}

/// What happened to a payment, oldest first.
async fn history(ledger: &Ledger, id: PaymentId) -> Vec<String> {
    let queries = PgPaymentQueries::new(ledger.world.database.clone());
    let found = queries.history(ORGANIZATION, id, first()).await.unwrap();
    let entries = found.unwrap().rows;
    let mut versions: Vec<_> = entries.iter().map(|it| it.version).collect();
    versions.reverse();
    let expected: Vec<_> = (1..).take(versions.len()).collect();
    assert_eq!(versions, expected);
    entries.into_iter().rev().map(|it| it.event_type).collect()
}

#[tokio::test]
async fn between_two_accounts_money_moves_at_once() {
    let ledger = Ledger::with(&[600, 0]).await;

    let payment = ledger.world.pay(internal(100)).await.unwrap();

    assert_eq!(payment.status(), PaymentStatus::Completed);
    assert_eq!(status(&ledger, payment.id).await, PaymentStatus::Completed);
    assert_eq!(ledger.balance(1).await, 500);
    assert_eq!(ledger.balance(2).await, 100);
    let told = history(&ledger, payment.id).await;
    assert_eq!(told, ["payment.completed"]);
    ledger.is_consistent().await;
}

#[rstest]
#[case::more_than_there_is(internal(601), "insufficient_funds")]
#[case::in_another_currency(
    app::payments::AcceptPayment { currency: currency("EUR"), ..internal(1) },
    "currency_mismatch"
)]
#[case::a_payout_of_more_than_there_is(external(Direction::Payout, 601), "insufficient_funds")]
#[case::a_charge_in_another_currency(
    app::payments::AcceptPayment { currency: currency("EUR"), ..external(Direction::Charge, 1) },
    "currency_mismatch"
)]
#[tokio::test]
async fn what_the_ledger_refuses_leaves_nothing_behind(
    #[case] command: app::payments::AcceptPayment,
    #[case] code: &str,
) {
    let ledger = Ledger::with(&[600, 0]).await;

    let refused = ledger.world.pay(command).await.unwrap_err();

    let AcceptPaymentError::Rejected(why) = refused else {
        panic!("{refused}");
    };
    assert_eq!(why.code(), code);
    assert_eq!(ledger.admin.count("payments").await, 0);
    assert_eq!(ledger.admin.count("payment_events").await, 0);
    assert_eq!(ledger.admin.balance_of(1).await, (600, 0));
}

#[tokio::test]
async fn a_payout_is_held_when_it_is_accepted_and_taken_when_it_has_moved() {
    let ledger = Ledger::with(&[600]).await;

    let payment = ledger.world.pay(external(Direction::Payout, 100)).await;
    let id = payment.unwrap().id;
    let held = money(&ledger).await;
    ledger.world.work(id, Outcome::Succeeded).await;

    assert_eq!(held, (600, 100, 0));
    assert_eq!(money(&ledger).await, (500, 0, 100));
    assert_eq!(
        history(&ledger, id).await,
        ["payment.created", "payment.processing", "payment.completed"]
    );
    ledger.is_consistent().await;
}

#[rstest]
#[case::declined(Some(Outcome::Declined), PaymentStatus::Failed)]
#[case::called_off(None, PaymentStatus::Cancelled)]
#[tokio::test]
async fn what_does_not_move_is_let_go(
    #[case] outcome: Option<Outcome>,
    #[case] expected: PaymentStatus,
) {
    let ledger = Ledger::with(&[600]).await;
    let payment = ledger.world.pay(external(Direction::Payout, 100)).await;
    let id = payment.unwrap().id;

    match outcome {
        Some(outcome) => ledger.world.work(id, outcome).await,
        None => drop(ledger.world.cancel(id).await.unwrap()),
    }

    assert_eq!(status(&ledger, id).await, expected);
    assert_eq!(money(&ledger).await, (600, 0, 0));
    ledger.is_consistent().await;
}

#[tokio::test]
async fn a_charge_that_waited_in_doubt_arrives() {
    let ledger = Ledger::with(&[0]).await;
    let payment = ledger.world.pay(external(Direction::Charge, 100)).await;
    let id = payment.unwrap().id;

    ledger.world.work(id, Outcome::Unknown).await;
    let in_doubt = money(&ledger).await;
    let settled = ledger.world.settle(id, Outcome::Succeeded).await;

    assert_eq!(settled, Some(Saved::Stored));
    assert_eq!(in_doubt, (0, 0, 0));
    assert_eq!(money(&ledger).await, (100, 0, -100));
    ledger.is_consistent().await;
}

#[tokio::test]
async fn money_that_has_moved_is_booked_although_its_account_was_frozen_meanwhile() {
    let ledger = Ledger::with(&[600]).await;
    let payment = ledger.world.pay(external(Direction::Payout, 100)).await;
    let id = payment.unwrap().id;
    let freeze = "UPDATE account_standings SET status = 'frozen' WHERE shard = 0";
    ledger.admin.run(freeze).await;

    ledger.world.work(id, Outcome::Succeeded).await;

    assert_eq!(money(&ledger).await, (500, 0, 100));
}

#[tokio::test]
async fn refunds_of_each_sort_of_payment_take_the_way_back() {
    let ledger = Ledger::with(&[600, 0]).await;
    let world = &ledger.world;
    let paid = world.pay(internal(100)).await.unwrap().id;
    let paid_out = world
        .pay(external(Direction::Payout, 200))
        .await
        .unwrap()
        .id;
    let charged = world.pay(external(Direction::Charge, 50)).await.unwrap().id;
    world.work(paid_out, Outcome::Succeeded).await;
    world.work(charged, Outcome::Succeeded).await;

    let at_once = world.refund(paid, Some(30)).await.unwrap();
    let from_outside = world.refund(paid_out, None).await.unwrap();
    let to_outside = world.refund(charged, Some(20)).await.unwrap();
    let before = money(&ledger).await;
    world.work_refund(&from_outside, Outcome::Succeeded).await;
    world.work_refund(&to_outside, Outcome::Succeeded).await;

    assert_eq!(at_once.status(), PaymentStatus::Completed);
    assert_eq!(before, (600 - 100 - 200 + 50 + 30, 20, 150));
    assert_eq!(
        money(&ledger).await,
        (600 - 100 - 200 + 50 + 30 + 200 - 20, 0, -30)
    );
    assert_eq!(
        status(&ledger, paid).await,
        PaymentStatus::PartiallyRefunded
    );
    assert_eq!(status(&ledger, paid_out).await, PaymentStatus::Refunded);
    assert_eq!(
        status(&ledger, charged).await,
        PaymentStatus::PartiallyRefunded
    );
    ledger.is_consistent().await;
}

#[tokio::test]
async fn a_refund_that_fails_lets_its_money_go_and_can_be_tried_anew() {
    let ledger = Ledger::with(&[0]).await;
    let world = &ledger.world;
    let charged = world.pay(external(Direction::Charge, 50)).await.unwrap().id;
    world.work(charged, Outcome::Succeeded).await;
    let refund = world.refund(charged, None).await.unwrap();

    world.work_refund(&refund, Outcome::Declined).await;

    assert_eq!(money(&ledger).await, (50, 0, -50));
    assert_eq!(status(&ledger, charged).await, PaymentStatus::Completed);
    assert!(world.refund(charged, None).await.is_ok());
}

#[tokio::test]
async fn nothing_moves_back_where_no_money_is_left() {
    let ledger = Ledger::with(&[600, 0, 0]).await;
    let paid = ledger.world.pay(internal(100)).await.unwrap().id;
    let spent = ledger.ask("spent", crate::support::transfer(2, 3, 50));
    assert_eq!(spent.await.unwrap(), "posted");

    let refused = ledger.world.refund(paid, None).await.unwrap_err();

    assert!(matches!(
        refused,
        RefundPaymentError::Rejected(Rejection::InsufficientFunds { .. })
    ));
    assert_eq!(ledger.admin.count("refunds").await, 0);
    assert_eq!(status(&ledger, paid).await, PaymentStatus::Completed);
    assert!(ledger.world.refund(paid, Some(50)).await.is_ok());
}

#[tokio::test]
async fn the_database_refuses_refunds_beyond_the_payment() {
    let ledger = Ledger::with(&[600, 0]).await;
    let paid = ledger.world.pay(internal(100)).await.unwrap().id;
    ledger.world.refund(paid, Some(60)).await.unwrap();

    let insert = format!(
        "INSERT INTO refunds (organization_id, id, payment_id, status, amount_minor, currency, metadata, attempts, due_at,
                              checks, created_at, updated_at, version)
         SELECT organization_id, gen_random_uuid(), id, 'pending', 41, currency, '{{}}', 0, now(), 0, now(), now(), 1
           FROM payments WHERE id = '{paid}'"
    );
    let refused = ledger.admin.refusal(&insert).await;

    assert_eq!(refused.as_deref(), Some("23514"));
    assert_eq!(ledger.admin.count("refunds").await, 1);
}
