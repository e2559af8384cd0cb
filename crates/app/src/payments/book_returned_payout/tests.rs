use domain::{
    ledger::{AccountStatus, Rejection},
    payments::{
        Direction, Payment, PaymentFacts, PaymentStatus, Progress, ProviderReference, RefundReason,
        Stage,
    },
};
use jiff::SignedDuration;
use rstest::rstest;

use super::*;
use crate::{
    ports::Saved,
    testing::{
        FakeUnitOfWork, FixedClock, MemoryPostingStore, NOW, ORGANIZATION, PAYMENT, SequentialIds,
        standing, stored_payment,
    },
};

const KEY: WorkKey = WorkKey {
    organization_id: ORGANIZATION,
    payment_id: PAYMENT,
    refund_id: None,
};

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn seen(outcome: Outcome) -> Sighting {
    let answer = ProviderAnswer::of(outcome, "account_closed");
    let reference = ProviderReference::parse("po_1").unwrap();
    Sighting::Seen(answer.with_reference(reference))
}

/// A payout of 100 from account 1.
fn payout(change: impl FnOnce(&mut PaymentFacts)) -> Payment {
    let progress = Progress::at(Stage::Completed { at: now() });
    let mut facts = stored_payment(Some(Direction::Payout), progress)
        .facts()
        .clone();
    change(&mut facts);
    Payment::restore(facts)
}

fn books(status: AccountStatus) -> Arc<MemoryPostingStore> {
    let mut account = standing(1, 0);
    account.status = status;
    MemoryPostingStore::with([account])
}

fn balance(store: &MemoryPostingStore) -> i64 {
    let page = standing(1, 0).folio;
    store.see(|stored| stored.standings[&page].balance_minor)
}

/// Suspects this payout, which was looked into nine times and denied so often.
fn suspecting(denials: u32, payout: Payment, store: &Arc<MemoryPostingStore>) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default().with_books(store);
    uow.suspected_returns.expect_lock().returning(move |key| {
        Ok(Some(SuspectedReturn {
            key,
            noticed_at: now(),
            checks: 9,
            denials,
        }))
    });
    uow.payments
        .expect_find_for_update()
        .returning(move |_, _| Ok(Some(payout.clone())));
    uow
}

fn clearing(mut uow: FakeUnitOfWork) -> FakeUnitOfWork {
    let clear = uow.suspected_returns.expect_clear().once();
    clear.withf(|key| *key == KEY).returning(|_| Ok(()));
    uow
}

async fn book(
    mut uow: FakeUnitOfWork,
    sighting: Sighting,
) -> Result<ReturnBooked, BookReturnedPayoutError> {
    let ids = Arc::<SequentialIds>::default();
    // The first ones are those of accounts that are there.
    for _ in 0..9 {
        ids.new_id();
    }
    let handler = BookReturnedPayoutHandler::new(Patience::default(), FixedClock::at(NOW), ids);
    let command = BookReturnedPayout {
        key: KEY,
        asked_at: now(),
        sighting,
    };
    handler.handle(&command, &mut uow).await
}

#[rstest]
#[case::all_of_it(0, 100, PaymentStatus::Refunded)]
#[case::what_was_not_given_back_yet(30, 70, PaymentStatus::Refunded)]
#[tokio::test]
async fn what_has_come_back_is_booked_back(
    #[case] refunded_minor: i64,
    #[case] back_minor: i64,
    #[case] status: PaymentStatus,
) {
    let store = books(AccountStatus::Active);
    let payout = payout(|it| it.refunded_minor = refunded_minor);
    let mut uow = clearing(suspecting(0, payout, &store));
    uow.refunds
        .expect_insert()
        .once()
        .withf(move |refund| {
            let facts = refund.facts();
            let reason = facts.reason.as_ref().map(RefundReason::as_str);
            facts.status() == PaymentStatus::Completed
                && facts.amount.as_minor() == back_minor
                && reason == Some("returned by simulator: account_closed")
        })
        .returning(|_| Ok(()));
    uow.payments
        .expect_save()
        .once()
        .withf(move |payment, _| payment.facts().status() == status)
        .returning(|_, _| Ok(Saved::Stored));
    uow.outbox.expect_append().returning(|_, _| Ok(()));

    let booked = book(uow, seen(Outcome::Declined)).await;

    assert_eq!(booked.unwrap(), ReturnBooked::Booked);
    assert_eq!(balance(&store), back_minor);
}

#[tokio::test]
async fn what_was_given_back_before_is_not_booked_again() {
    let store = books(AccountStatus::Active);
    let payout = payout(|it| it.refunded_minor = 100);

    let booked = book(
        clearing(suspecting(0, payout, &store)),
        seen(Outcome::Declined),
    );

    assert_eq!(booked.await.unwrap(), ReturnBooked::Settled);
    assert_eq!(balance(&store), 0);
}

#[tokio::test]
async fn what_nobody_suspects_any_more_is_left_alone() {
    let mut uow = FakeUnitOfWork::default();
    uow.suspected_returns.expect_lock().returning(|_| Ok(None));

    let booked = book(uow, seen(Outcome::Declined)).await;

    assert_eq!(booked.unwrap(), ReturnBooked::Settled);
}

#[rstest]
#[case::no_answer(Sighting::NoAnswer, (2, 2))]
#[case::nobody_asked(Sighting::NotAsked, (2, 2))]
#[case::under_way(seen(Outcome::Pending), (2, 2))]
#[case::arrived_the_provider_says_for_the_first_time(seen(Outcome::Succeeded), (0, 1))]
#[case::arrived_it_says_again(seen(Outcome::Succeeded), (1, 2))]
#[tokio::test]
async fn what_is_not_certain_is_asked_again(
    #[case] sighting: Sighting,
    #[case] (denials, denied): (u32, u32),
) {
    let store = books(AccountStatus::Active);
    let mut uow = suspecting(denials, payout(|_| {}), &store);
    uow.suspected_returns
        .expect_put_off()
        .once()
        .withf(move |it, due_at| {
            (it.checks, it.denials) == (10, denied)
                && *due_at >= now() + SignedDuration::from_secs(10)
        })
        .returning(|_, _| Ok(()));

    assert_eq!(book(uow, sighting).await.unwrap(), ReturnBooked::PutOff);
}

/// A recall that was begun while the provider was asked may still be declined: then all has to be booked back.
#[tokio::test]
async fn what_is_being_taken_back_meanwhile_is_booked_when_that_has_ended() {
    let store = books(AccountStatus::Active);
    let payout = payout(|it| it.refunding_minor = 100);
    let mut uow = suspecting(0, payout, &store);
    let put_off = uow.suspected_returns.expect_put_off().once();
    put_off.returning(|_, _| Ok(()));

    let booked = book(uow, seen(Outcome::Declined)).await;

    assert_eq!(booked.unwrap(), ReturnBooked::PutOff);
    assert_eq!(balance(&store), 0);
}

#[tokio::test]
async fn a_provider_that_keeps_saying_that_it_has_arrived_is_believed() {
    let store = books(AccountStatus::Active);

    let booked = book(
        clearing(suspecting(2, payout(|_| {}), &store)),
        seen(Outcome::Succeeded),
    );

    assert_eq!(booked.await.unwrap(), ReturnBooked::NotReturned);
}

#[tokio::test]
async fn what_the_ledger_does_not_take_is_told_and_stays_suspected() {
    let store = books(AccountStatus::Closed);

    let refused = book(
        suspecting(0, payout(|_| {}), &store),
        seen(Outcome::Declined),
    );

    let refused = refused.await;
    assert!(
        matches!(
            refused,
            Err(BookReturnedPayoutError::Unbooked(Rejection::AccountClosed(
                _
            )))
        ),
        "{refused:?}"
    );
}
