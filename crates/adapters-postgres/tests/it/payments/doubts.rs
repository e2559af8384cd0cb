//! What a payment under way keeps from happening, and how it is found.

use std::sync::Arc;

use adapters_postgres::PgPaymentWorkQueries;
use app::{
    ledger::{AccountState, ChangeAccount, ChangeAccountError, ChangeAccountHandler},
    payments::{AcceptPayment, AcceptPaymentError, NewKind},
    ports::{Clock, PaymentWorkQueries, WorkKey},
    testing::{ORGANIZATION, caller},
};
use domain::{
    ids::AccountId,
    invoicing::InvoiceStatus,
    ledger::{AccountChange, AccountStatus, ChangeAccountError as Refusal},
    payments::{Direction, Outcome, PaymentFacts, PaymentStatus, ProviderName},
    version::Precondition,
};
use futures_util::future::join_all;
use jiff::SignedDuration;

use super::status;
use crate::support::{Ledger, account, external, internal, settling, unnumbered};

async fn close(ledger: &Ledger, id: AccountId) -> Result<AccountState, ChangeAccountError> {
    let world = &ledger.world;
    let handler = ChangeAccountHandler::new(world.clock.clone(), world.ids.clone());
    let command = ChangeAccount {
        caller: caller(),
        id,
        precondition: Precondition::Any,
        change: AccountChange {
            status: Some(AccountStatus::Closed),
            ..AccountChange::default()
        },
    };
    world.bus.execute(Arc::new(handler), command).await
}

fn is_awaited<T>(closed: &Result<T, ChangeAccountError>) -> bool {
    matches!(
        closed,
        Err(ChangeAccountError::Refused(Refusal::Awaited(_)))
    )
}

fn charge_to(id: AccountId) -> AcceptPayment {
    let mut command = external(Direction::Charge, 100);
    if let NewKind::External(leg) = &mut command.kind {
        leg.account_id = id;
    }
    command
}

#[tokio::test]
async fn an_account_is_not_closed_before_a_charge_has_come_to_it() {
    let ledger = Ledger::with(&[0, 0]).await;
    let charge = ledger.world.pay(external(Direction::Charge, 100)).await;
    let charge = charge.unwrap();

    let waiting = close(&ledger, account(1)).await;
    ledger.world.work(charge.id, Outcome::Succeeded).await;
    let full = close(&ledger, account(1)).await;
    ledger.world.pay(internal(100)).await.unwrap();
    let empty = close(&ledger, account(1)).await;

    assert!(is_awaited(&waiting), "{waiting:?}");
    assert!(matches!(
        full,
        Err(ChangeAccountError::Refused(Refusal::NotEmpty { .. }))
    ));
    assert_eq!(empty.unwrap().facts.status, AccountStatus::Closed);
    ledger.is_consistent().await;
}

#[tokio::test]
async fn an_account_is_not_closed_while_a_payout_of_it_is_taken_back() {
    let ledger = Ledger::with(&[100, 0]).await;
    let payout = ledger.world.pay(external(Direction::Payout, 100)).await;
    let payout = payout.unwrap();
    ledger.world.work(payout.id, Outcome::Succeeded).await;
    let refund = ledger.world.refund(payout.id, None).await.unwrap();

    let waiting = close(&ledger, account(1)).await;
    ledger.world.work_refund(&refund, Outcome::Declined).await;
    let over = close(&ledger, account(1)).await;

    assert!(is_awaited(&waiting), "{waiting:?}");
    assert_eq!(over.unwrap().facts.status, AccountStatus::Closed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_charged_while_its_account_is_closed_can_always_be_booked() {
    let ledger = Ledger::with(&[0; 20]).await;

    for number in 1..=20 {
        let id = account(number);
        let (accepted, closed) = tokio::join!(ledger.world.pay(charge_to(id)), close(&ledger, id));

        match accepted {
            Ok(charge) => {
                assert!(is_awaited(&closed), "{closed:?}");
                ledger.world.work(charge.id, Outcome::Succeeded).await;
                let status = status(&ledger, charge.id).await;
                assert_eq!(status, PaymentStatus::Completed);
            }
            Err(why) => {
                assert!(matches!(why, AcceptPaymentError::Rejected(_)), "{why}");
                assert!(closed.is_ok());
            }
        }
    }
    ledger.is_consistent().await;
}

#[tokio::test]
async fn an_invoice_is_not_paid_again_while_nobody_knows_of_another_payment() {
    let ledger = Ledger::with(&[1_000, 0]).await;
    let world = &ledger.world;
    let invoice = world.create(unnumbered()).await.unwrap();
    let sent = world.change_status(invoice.id, InvoiceStatus::Sent).await;
    sent.unwrap();
    let small = |minor| settling(external(Direction::Charge, minor), invoice.id);
    let first = world.pay(small(1)).await.unwrap();
    assert!(world.begin(first.id).await.is_some());
    world.doubt(first.id).await;

    let meanwhile = world.pay(small(2)).await;
    world.settle(first.id, Outcome::Succeeded).await;
    let afterwards = world.pay(small(2)).await;

    assert!(
        matches!(meanwhile, Err(AcceptPaymentError::InvoiceInDoubt(id)) if id == invoice.id),
        "{meanwhile:?}"
    );
    assert!(afterwards.is_ok(), "{afterwards:?}");
}

pub(super) fn key_of(payment: &PaymentFacts) -> WorkKey {
    WorkKey {
        organization_id: ORGANIZATION,
        payment_id: payment.id,
        refund_id: None,
    }
}

#[tokio::test]
async fn what_a_provider_has_taken_on_is_not_counted_as_unknown() {
    let ledger = Ledger::with(&[1_000, 0]).await;
    let world = &ledger.world;
    let queries = PgPaymentWorkQueries::new(world.database.clone());
    world.pay(external(Direction::Charge, 1)).await.unwrap();
    let taken_on = world.pay(external(Direction::Charge, 2)).await.unwrap();
    let lost = world.pay(external(Direction::Charge, 3)).await.unwrap();
    world.work(taken_on.id, Outcome::Pending).await;
    world.clock.advance(SignedDuration::from_secs(5));
    world.begin(lost.id).await;
    world.doubt(lost.id).await;

    let figures = queries.figures(world.clock.now()).await.unwrap();

    let counted = (figures.due, figures.at_provider, figures.unknown);
    assert_eq!(counted, (3, 1, 1));
    assert_eq!(figures.unknown_since, Some(world.clock.now()));
    assert_eq!(figures.dead, 0);

    world.clock.advance(SignedDuration::from_hours(10 * 24));
    let later = queries.figures(world.clock.now()).await.unwrap();
    assert_eq!((later.at_provider, later.unknown), (0, 2));
}

#[tokio::test]
async fn an_amount_that_nobody_ordered_is_counted_as_unknown() {
    let ledger = Ledger::with(&[1_000, 0]).await;
    let world = &ledger.world;
    let queries = PgPaymentWorkQueries::new(world.database.clone());
    let paid = world.pay(external(Direction::Charge, 2)).await.unwrap();
    world.work(paid.id, Outcome::Pending).await;
    ledger
        .admin
        .run("UPDATE payments SET answer_code = 'wrong_amount'")
        .await;

    let figures = queries.figures(world.clock.now()).await.unwrap();

    assert_eq!((figures.at_provider, figures.unknown), (0, 1));
}

#[tokio::test]
async fn whoever_asks_about_an_unknown_payment_asks_alone() {
    let ledger = Ledger::with(&[1_000, 0]).await;
    let world = &ledger.world;
    let paid = world.pay(external(Direction::Charge, 2)).await.unwrap();
    world.work(paid.id, Outcome::Unknown).await;
    world.clock.advance(SignedDuration::from_secs(20));

    let take_up = async || world.take_up(key_of(&paid)).await.len();
    let errands: usize = join_all((0..20).map(|_| take_up())).await.iter().sum();
    let soon = take_up().await;
    world.clock.advance(SignedDuration::from_mins(1));
    let when_that_one_is_lost = take_up().await;

    assert_eq!((errands, soon, when_that_one_is_lost), (1, 0, 1));
}

#[tokio::test]
async fn payments_and_refunds_that_are_due_are_found_by_their_provider() {
    let ledger = Ledger::with(&[1_000, 0]).await;
    let world = &ledger.world;
    let queries = PgPaymentWorkQueries::new(world.database.clone());
    let paid = world.pay(external(Direction::Charge, 10)).await.unwrap();
    world.work(paid.id, Outcome::Succeeded).await;
    let refund = world.refund(paid.id, None).await.unwrap();
    world.clock.advance(SignedDuration::from_secs(1));
    let due = world.pay(external(Direction::Charge, 20)).await.unwrap();

    let find = |name: &str, limit| {
        let (provider, queries) = (ProviderName::parse(name).unwrap(), queries.clone());
        let now = world.clock.now();
        async move { queries.list_due(&provider, now, limit).await.unwrap() }
    };

    let of_refund = WorkKey {
        refund_id: Some(refund.id),
        ..key_of(&paid)
    };
    assert_eq!(find("simulator", 10).await, [of_refund, key_of(&due)]);
    assert_eq!(find("simulator", 1).await, [of_refund]);
    assert_eq!(find("stripe", 10).await, []);
}
