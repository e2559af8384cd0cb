use domain::payments::{Direction, Payment, PaymentFacts, Progress, ProviderReference, Stage};
use rstest::rstest;

use super::{super::Question, *};
use crate::testing::{FakeUnitOfWork, FixedClock, NOW, ORGANIZATION, PAYMENT, stored_payment};

const KEY: WorkKey = WorkKey {
    organization_id: ORGANIZATION,
    payment_id: PAYMENT,
    refund_id: None,
};

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn suspect() -> SuspectedReturn {
    SuspectedReturn {
        key: KEY,
        noticed_at: now(),
        checks: 1,
        denials: 0,
    }
}

fn payout(stage: Stage, change: impl FnOnce(&mut PaymentFacts)) -> Payment {
    let mut progress = Progress::at(stage);
    progress.reference = ProviderReference::parse("po_1").ok();
    let payout = stored_payment(Some(Direction::Payout), progress);
    let mut facts = payout.facts().clone();
    change(&mut facts);
    Payment::restore(facts)
}

fn completed() -> Stage {
    Stage::Completed { at: now() }
}

/// Suspects this payout, which is due.
fn meeting(payout: Payment) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.suspected_returns
        .expect_lock_due()
        .returning(|key, _| Ok((key == KEY).then(suspect)));
    uow.payments
        .expect_find_for_update()
        .returning(move |_, _| Ok(Some(payout.clone())));
    uow
}

#[tokio::test]
async fn one_that_cannot_be_read_waits_so_that_the_others_do_not() {
    let mut uow = FakeUnitOfWork::default();
    uow.suspected_returns
        .expect_lock_due()
        .returning(|_, _| Ok(Some(suspect())));
    uow.payments.expect_find_for_update().returning(|_, _| {
        Err(StorageError::Corrupt {
            entity: "payment",
            source: "no such status".into(),
        })
    });
    uow.suspected_returns
        .expect_put_off()
        .once()
        .withf(|it, due_at| it.checks == suspect().checks + 1 && *due_at > now())
        .returning(|_, _| Ok(()));

    let errands = doubt(uow).await;

    assert!(errands.is_empty());
}

async fn doubt(mut uow: FakeUnitOfWork) -> Vec<Errand> {
    let handler = DoubtPayoutsHandler::new(Patience::default(), FixedClock::at(NOW));
    let command = DoubtPayouts {
        keys: vec![KEY],
        lost_after: Duration::from_secs(30),
    };
    handler.handle(&command, &mut uow).await.unwrap()
}

#[tokio::test]
async fn a_completed_payout_is_asked_about_by_its_name() {
    let mut uow = meeting(payout(completed(), |_| {}));
    uow.suspected_returns
        .expect_put_off()
        .once()
        .withf(|it, due_at| *it == suspect() && *due_at == now() + SignedDuration::from_secs(30))
        .returning(|_, _| Ok(()));

    let errands = doubt(uow).await;

    let [errand] = errands.as_slice() else {
        panic!("{errands:?}")
    };
    let reference = ProviderReference::parse("po_1").ok();
    assert_eq!(errand.question, Question::LookUp(reference));
    assert_eq!(errand.order.key, PAYMENT.as_uuid());
}

#[rstest]
#[case::under_way(Stage::Processing { presumed_lost_at: now() }, 0)]
#[case::nobody_knows(Stage::Unknown { since: now(), next_check_at: now(), checks: 0 }, 0)]
#[case::being_taken_back(completed(), 40)]
#[tokio::test]
async fn what_is_under_way_has_to_end_first(#[case] stage: Stage, #[case] refunding_minor: i64) {
    let payout = payout(stage, |it| it.refunding_minor = refunding_minor);
    let mut uow = meeting(payout);
    uow.suspected_returns
        .expect_put_off()
        .once()
        .withf(|it, due_at| it.checks == 2 && *due_at > now())
        .returning(|_, _| Ok(()));

    assert_eq!(doubt(uow).await, []);
}

#[rstest]
#[case::failed(Stage::Failed { at: now() }, 0)]
#[case::called_off(Stage::Cancelled { at: now() }, 0)]
#[case::back_already(completed(), 100)]
#[tokio::test]
async fn what_cannot_come_back_is_suspected_no_longer(
    #[case] stage: Stage,
    #[case] refunded_minor: i64,
) {
    let payout = payout(stage, |it| it.refunded_minor = refunded_minor);
    let mut uow = meeting(payout);
    uow.suspected_returns
        .expect_clear()
        .once()
        .withf(|key| *key == KEY)
        .returning(|_| Ok(()));

    assert_eq!(doubt(uow).await, []);
}

#[tokio::test]
async fn what_is_not_due_or_in_other_hands_is_left_alone() {
    let mut uow = FakeUnitOfWork::default();
    uow.suspected_returns
        .expect_lock_due()
        .returning(|_, _| Ok(None));

    assert_eq!(doubt(uow).await, []);
}
