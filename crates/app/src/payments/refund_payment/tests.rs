mod refusals;

use domain::{
    ids::HoldId,
    invoicing::InvoiceStatus,
    ledger::{AccountStatus, Standing, TransferAmount},
    payments::{Direction, Payment, PaymentFacts, PaymentStatus, Progress, Stage},
    values::Metadata,
};
use jiff::Timestamp;
use rstest::rstest;

use super::*;
use crate::{
    ports::Written,
    testing::{
        FakeUnitOfWork, FixedClock, INVOICE, MemoryPostingStore, NOW, PAYMENT, SequentialIds,
        caller, out_of_reach, simulator_that_checks, standing, stored_invoice, stored_payment,
        stranger,
    },
};

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn completed() -> Stage {
    Stage::Completed { at: now() }
}

fn handler() -> RefundPaymentHandler {
    handler_whose_provider_says(Ok(()))
}

fn handler_whose_provider_says(check: Result<(), InvalidProviderData>) -> RefundPaymentHandler {
    let ids = Arc::<SequentialIds>::default();
    // The first ones are those of accounts that are there.
    for _ in 0..9 {
        ids.new_id();
    }
    RefundPaymentHandler::new(FixedClock::at(NOW), ids, simulator_that_checks(check))
}

/// So much of the payment, or all that is left.
fn command(minor: Option<i64>) -> RefundPayment {
    RefundPayment {
        caller: caller(),
        payment_id: PAYMENT,
        amount: minor.map(|minor| TransferAmount::from_minor(minor).unwrap()),
        reason: None,
        metadata: Metadata::default(),
    }
}

/// A payment of 100 between the accounts 1 and 2, or that way through a provider with account 1, which is not as usual.
fn payment(direction: Option<Direction>, change: impl FnOnce(&mut PaymentFacts)) -> Payment {
    let mut facts = stored_payment(direction, Progress::at(completed()))
        .facts()
        .clone();
    change(&mut facts);
    Payment::restore(facts)
}

/// Holds this payment, to be found by its organization and its id only, on these books.
fn holding(payment: Payment, store: &Arc<MemoryPostingStore>) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default().with_books(store);
    uow.payments
        .expect_find_for_update()
        .returning(move |owner, id| {
            let is_it = (owner, id) == (caller().organization_id, PAYMENT);
            Ok(is_it.then(|| payment.clone()))
        });
    uow
}

/// The same, which stores one refund and its payment.
fn storing(payment: Payment, store: &Arc<MemoryPostingStore>) -> FakeUnitOfWork {
    let mut uow = holding(payment, store);
    uow.refunds.expect_insert().once().returning(|_| Ok(()));
    uow.holds.expect_insert().returning(|_| Ok(()));
    uow.payments
        .expect_save()
        .once()
        .returning(|_, _| Ok(Saved::Stored));
    uow.outbox.expect_append().returning(|_, _| Ok(()));
    uow
}

/// What is on an account, and what of that is held.
fn on(store: &MemoryPostingStore, number: u128) -> (i64, i64) {
    let page = standing(number, 0).folio;
    store.see(|stored| {
        let standing = stored.standings[&page];
        (standing.balance_minor, standing.held_minor)
    })
}

fn store(first: i64, second: i64) -> Arc<MemoryPostingStore> {
    MemoryPostingStore::with([standing(1, first), standing(2, second)])
}

#[rstest]
#[case::in_part(Some(30), 0, 30)]
#[case::in_whole(Some(100), 0, 100)]
#[case::all_of_it(None, 0, 100)]
#[case::all_that_is_left(None, 60, 40)]
#[tokio::test]
async fn between_two_accounts_money_is_given_back_at_once(
    #[case] asked: Option<i64>,
    #[case] refunded_minor: i64,
    #[case] given_minor: i64,
) {
    let store = store(0, 100);
    let payment = payment(None, |it| it.refunded_minor = refunded_minor);
    let mut uow = storing(payment, &store);

    let refund = handler().handle(&command(asked), &mut uow).await.unwrap();

    assert_eq!(refund.status(), PaymentStatus::Completed);
    assert_eq!(refund.amount.as_minor(), given_minor);
    assert_eq!(on(&store, 1), (given_minor, 0));
    assert_eq!(on(&store, 2), (100 - given_minor, 0));
}

#[tokio::test]
async fn the_money_of_a_refund_is_kept_where_it_leaves_an_account() {
    let store = store(100, 0);
    let mut uow = storing(payment(Some(Direction::Charge), |_| {}), &store);

    let refund = handler().handle(&command(Some(30)), &mut uow).await;

    let refund = refund.unwrap();
    assert_eq!(refund.status(), PaymentStatus::Pending);
    assert!(refund.hold_id.is_some());
    assert_eq!(on(&store, 1), (100, 30));
}

#[tokio::test]
async fn what_comes_back_of_a_payout_needs_no_money_kept() {
    let store = store(0, 0);
    let mut uow = storing(payment(Some(Direction::Payout), |_| {}), &store);

    let refund = handler().handle(&command(None), &mut uow).await.unwrap();

    assert_eq!(
        (refund.status(), refund.hold_id),
        (PaymentStatus::Pending, None::<HoldId>)
    );
    assert_eq!(on(&store, 1), (0, 0));
}

#[tokio::test]
async fn an_invoice_that_was_paid_is_due_again() {
    let store = store(0, 100);
    let payment = payment(None, |it| it.invoice_id = Some(INVOICE));
    let steps = [InvoiceStatus::Sent, InvoiceStatus::Paid];
    let mut uow = storing(payment, &store).with_invoice(stored_invoice(&steps));
    uow.invoices
        .expect_update()
        .once()
        .withf(|invoice| invoice.facts().state.status() == InvoiceStatus::Sent)
        .returning(|_| Ok(Written::Stored));
    uow.invoice_payments
        .expect_take_back()
        .once()
        .withf(|id, given_back| *id == INVOICE && given_back.amount_minor == 30)
        .returning(|_, _| Ok(()));

    let refund = handler().handle(&command(Some(30)), &mut uow).await;

    assert_eq!(refund.unwrap().status(), PaymentStatus::Completed);
}

#[tokio::test]
async fn a_payment_of_somebody_else_is_not_there() {
    let command = RefundPayment {
        caller: stranger(),
        ..command(None)
    };
    let mut uow = holding(payment(None, |_| {}), &store(0, 100));

    let refused = handler().handle(&command, &mut uow).await;

    assert!(
        matches!(refused, Err(RefundPaymentError::NotFound(PAYMENT))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_storage_that_fails_is_told() {
    let mut uow = holding(payment(None, |_| {}), &store(0, 100));
    uow.refunds.expect_insert().returning(|_| out_of_reach());

    let failed = handler().handle(&command(None), &mut uow).await;

    assert!(
        matches!(failed, Err(RefundPaymentError::Storage(_))),
        "{failed:?}"
    );
}
