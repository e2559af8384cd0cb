use domain::{
    payments::{Direction, Progress, Stage},
    version::Version,
};
use rstest::rstest;

use super::*;
use crate::{
    payments::Question,
    ports::{LockedWork, Saved, WorkKey},
    testing::{
        FakeUnitOfWork, FixedClock, NOW, ORGANIZATION, PAYMENT, SequentialIds, out_of_reach,
        stored_payment,
    },
};

const LOST_AFTER: Duration = Duration::from_secs(30);

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn lost_at() -> Timestamp {
    now() + SignedDuration::from_secs(30)
}

fn command() -> BeginWork {
    let key = WorkKey {
        organization_id: ORGANIZATION,
        payment_id: PAYMENT,
        refund_id: None,
    };
    BeginWork {
        causes: HashMap::new(),
        keys: vec![key],
        lost_after: LOST_AFTER,
    }
}

async fn begin(mut uow: FakeUnitOfWork) -> Result<Vec<Errand>, StorageError> {
    let handler = BeginWorkHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default());
    handler.handle(&command(), &mut uow).await
}

/// Finds a payment at this stage.
fn meeting(direction: Option<Direction>, stage: Stage) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.payment_work
        .expect_lock_due()
        .once()
        .withf(|keys, at| keys == command().keys && *at == now())
        .returning(move |_, _| {
            let payment = stored_payment(direction, Progress::at(stage));
            Ok(vec![LockedWork::Payment(Box::new(payment))])
        });
    uow.outbox.expect_append().returning(|_, _| Ok(()));
    uow
}

/// Stores it once, if it is at this stage then.
fn storing(mut uow: FakeUnitOfWork, expected: Stage) -> FakeUnitOfWork {
    uow.payments
        .expect_save()
        .once()
        .withf(move |payment, before| {
            payment.facts().progress.stage == expected && *before == Version::FIRST
        })
        .returning(|_, _| Ok(Saved::Stored));
    uow
}

#[tokio::test]
async fn an_attempt_is_written_down_before_anybody_is_asked() {
    let waiting = Stage::Pending {
        next_attempt_at: now(),
    };
    let begun = Stage::Processing {
        presumed_lost_at: lost_at(),
    };
    let uow = storing(meeting(Some(Direction::Charge), waiting), begun);

    let errands = begin(uow).await.unwrap();

    let [errand] = errands.as_slice() else {
        panic!("{errands:?}")
    };
    assert_eq!(errand.question, Question::Execute);
    assert_eq!(errand.version, Version::FIRST.next());
    assert_eq!(errand.order.key, PAYMENT.as_uuid());
}

#[tokio::test]
async fn what_somebody_has_begun_and_not_ended_is_asked_about() {
    let lost = Stage::Processing {
        presumed_lost_at: now(),
    };
    let doubted = Stage::Unknown {
        since: now(),
        next_check_at: lost_at(),
        checks: 0,
    };
    let uow = storing(meeting(Some(Direction::Charge), lost), doubted);

    let errands = begin(uow).await.unwrap();

    assert_eq!(errands.len(), 1);
    assert_eq!(errands[0].question, Question::LookUp(None));
}

#[tokio::test]
async fn what_nobody_knows_is_asked_about_by_one_and_stays_as_it_is() {
    let unknown = Stage::Unknown {
        since: now(),
        next_check_at: now(),
        checks: 2,
    };
    let mut uow = meeting(Some(Direction::Charge), unknown);
    uow.payment_work
        .expect_put_off()
        .once()
        .withf(|keys, until| keys == command().keys && *until == lost_at())
        .returning(|_, _| Ok(()));

    let errands = begin(uow).await;

    let errands = errands.unwrap();
    assert_eq!(errands.len(), 1);
    assert_eq!(errands[0].question, Question::LookUp(None));
    assert_eq!(errands[0].version, Version::FIRST);
}

#[rstest]
#[case::done(Stage::Completed { at: now() })]
#[case::failed(Stage::Failed { at: now() })]
#[case::called_off(Stage::Cancelled { at: now() })]
#[tokio::test]
async fn what_is_over_is_left_alone(#[case] stage: Stage) {
    let errands = begin(meeting(Some(Direction::Charge), stage)).await;

    assert_eq!(errands.unwrap(), []);
}

#[tokio::test]
async fn what_no_provider_can_be_asked_about_fails_at_once() {
    let waiting = Stage::Pending {
        next_attempt_at: now(),
    };
    let uow = storing(meeting(None, waiting), Stage::Failed { at: now() });

    let errands = begin(uow).await.unwrap();

    assert_eq!(errands, []);
}

#[tokio::test]
async fn a_storage_that_fails_is_told() {
    let mut uow = FakeUnitOfWork::default();
    uow.payment_work
        .expect_lock_due()
        .returning(|_, _| out_of_reach());

    assert!(begin(uow).await.is_err());
}
