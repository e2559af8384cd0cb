use domain::{
    invoicing::{InvoiceStatus, PayInvoiceError},
    payments::{Direction, Payment, PaymentFacts, PaymentStatus, Progress, Refund, Stage},
};
use jiff::Timestamp;
use rstest::rstest;

use super::*;
use crate::{
    ports::Saved,
    testing::{
        FakeUnitOfWork, FixedClock, HOLD, INVOICE, MemoryPostingStore, NOW, SequentialIds, caller,
        dead_payment, out_of_reach, simulator_that_checks, standing, stored_invoice,
        stored_payment, stored_refund, stranger,
    },
};

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn failed() -> Progress {
    Progress {
        attempts: 5,
        ..Progress::at(Stage::Failed { at: now() })
    }
}

fn handler() -> RetryDeadPaymentHandler {
    let ids = Arc::<SequentialIds>::default();
    // The first ones are those of accounts that are there.
    for _ in 0..9 {
        ids.new_id();
    }
    RetryDeadPaymentHandler::new(FixedClock::at(NOW), ids, simulator_that_checks(Ok(())))
}

fn command() -> RetryDeadPayment {
    RetryDeadPayment {
        caller: caller(),
        id: dead_payment(None).id,
    }
}

/// Holds the dead letter of this payment, or of its refund, on books with so much on account 1.
fn holding(
    payment: Payment,
    refund: Option<Refund>,
    balance_minor: i64,
) -> (FakeUnitOfWork, Arc<MemoryPostingStore>) {
    let store = MemoryPostingStore::with([standing(1, balance_minor)]);
    let mut uow = FakeUnitOfWork::default().with_books(&store);
    let dead = dead_payment(refund.as_ref().map(|it| it.facts().id));
    uow.payment_dead_letters
        .expect_find_for_update()
        .returning(move |owner, id| {
            let is_it = (owner, id) == (dead.key.organization_id, dead.id);
            Ok(is_it.then(|| dead.clone()))
        });
    uow.payments
        .expect_find_for_update()
        .returning(move |_, _| Ok(Some(payment.clone())));
    uow.refunds
        .expect_find_for_update()
        .returning(move |_, _| Ok(refund.clone()));
    uow.holds.expect_insert().returning(|_| Ok(()));
    uow.outbox.expect_append().returning(|_, _| Ok(()));
    (uow, store)
}

/// A payment that was given up, which is not as usual.
fn given_up(direction: Direction, change: impl FnOnce(&mut PaymentFacts)) -> Payment {
    let mut facts = stored_payment(Some(direction), failed()).facts().clone();
    change(&mut facts);
    Payment::restore(facts)
}

/// A charge of 100, of which so much is given back or about to be, and a refund of 30 of it that was given up.
fn given_up_refund(refunded_minor: i64) -> (Payment, Refund) {
    let completed = Progress::at(Stage::Completed { at: now() });
    let payment = stored_payment(Some(Direction::Charge), completed);
    let mut refund = stored_refund(payment.facts()).facts().clone();
    refund.progress = failed();
    refund.hold_id = Some(HOLD);
    let mut facts = payment.facts().clone();
    facts.refunded_minor = refunded_minor;
    (Payment::restore(facts), Refund::restore(refund))
}

fn held(store: &MemoryPostingStore) -> i64 {
    let page = standing(1, 0).folio;
    store.see(|stored| stored.standings[&page].held_minor)
}

fn removing(uow: &mut FakeUnitOfWork) {
    uow.payment_dead_letters
        .expect_remove()
        .once()
        .withf(|id| *id == dead_payment(None).id)
        .returning(|_| Ok(()));
}

#[rstest]
#[case::out(Direction::Payout, 100)]
#[case::into(Direction::Charge, 0)]
#[tokio::test]
async fn a_payment_waits_again_with_all_its_attempts_and_its_money_reserved_anew(
    #[case] direction: Direction,
    #[case] expected_held: i64,
) {
    let (mut uow, store) = holding(given_up(direction, |_| {}), None, 100);
    removing(&mut uow);
    uow.payments
        .expect_save()
        .once()
        .withf(|payment, _| {
            let facts = payment.facts();
            let hold_id = facts.kind.leg().and_then(|leg| leg.hold_id);
            facts.status() == PaymentStatus::Pending
                && facts.progress.attempts == 0
                && hold_id != Some(HOLD)
        })
        .returning(|_, _| Ok(Saved::Stored));

    let retried = handler().handle(&command(), &mut uow).await.unwrap();

    assert_eq!(retried, dead_payment(None));
    assert_eq!(held(&store), expected_held);
}

#[tokio::test]
async fn a_refund_waits_again_with_its_money_reserved_anew() {
    let (payment, refund) = given_up_refund(70);
    let (mut uow, store) = holding(payment, Some(refund), 30);
    removing(&mut uow);
    uow.payments
        .expect_save()
        .once()
        .withf(|payment, _| payment.facts().refunding_minor == 30)
        .returning(|_, _| Ok(Saved::Stored));
    uow.refunds
        .expect_save()
        .once()
        .withf(|refund, _| {
            let facts = refund.facts();
            facts.status() == PaymentStatus::Pending
                && facts.hold_id.is_some()
                && facts.hold_id != Some(HOLD)
        })
        .returning(|_, _| Ok(Saved::Stored));

    let retried = handler().handle(&command(), &mut uow).await;

    assert!(retried.is_ok(), "{retried:?}");
    assert_eq!(held(&store), 30);
}

#[tokio::test]
async fn a_payout_whose_money_is_gone_stays_dead() {
    let (mut uow, store) = holding(given_up(Direction::Payout, |_| {}), None, 99);

    let refused = handler().handle(&command(), &mut uow).await;

    let Err(RetryDeadPaymentError::Refused(AcceptPaymentError::Rejected(why))) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(why.code(), "insufficient_funds");
    assert_eq!(held(&store), 0);
}

#[tokio::test]
async fn a_payment_for_an_invoice_that_others_have_paid_stays_dead() {
    let payment = given_up(Direction::Charge, |it| it.invoice_id = Some(INVOICE));
    let (uow, _store) = holding(payment, None, 100);
    let steps = [InvoiceStatus::Sent, InvoiceStatus::Paid];
    let mut uow = uow.with_invoice(stored_invoice(&steps));

    let refused = handler().handle(&command(), &mut uow).await;

    assert!(
        matches!(
            refused,
            Err(RetryDeadPaymentError::Refused(
                AcceptPaymentError::Unpayable(PayInvoiceError::Exceeds(_))
            ))
        ),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_refund_for_which_nothing_is_left_stays_dead() {
    let (payment, refund) = given_up_refund(71);
    let (mut uow, store) = holding(payment, Some(refund), 100);

    let refused = handler().handle(&command(), &mut uow).await;

    assert!(
        matches!(
            refused,
            Err(RetryDeadPaymentError::NotRefundable(
                RefundRefusal::Exceeds(_)
            ))
        ),
        "{refused:?}"
    );
    assert_eq!(held(&store), 0);
}

#[tokio::test]
async fn a_dead_letter_of_somebody_else_is_not_there() {
    let (mut uow, _store) = holding(given_up(Direction::Charge, |_| {}), None, 100);
    let command = RetryDeadPayment {
        caller: stranger(),
        ..command()
    };

    let refused = handler().handle(&command, &mut uow).await;

    assert!(
        matches!(refused, Err(RetryDeadPaymentError::NotFound(id)) if id == command.id),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_storage_that_fails_is_told() {
    let (mut uow, _store) = holding(given_up(Direction::Charge, |_| {}), None, 100);
    uow.payments.expect_save().returning(|_, _| out_of_reach());

    let failed = handler().handle(&command(), &mut uow).await;

    assert!(
        matches!(
            failed,
            Err(RetryDeadPaymentError::Refused(AcceptPaymentError::Storage(
                _
            )))
        ),
        "{failed:?}"
    );
}
