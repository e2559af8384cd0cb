use domain::{
    payments::{Direction, PaymentStatus, Progress, Stage},
    version::Version,
};
use jiff::Timestamp;
use rstest::rstest;

use super::*;
use crate::testing::{
    FakeUnitOfWork, FixedClock, NOW, PAYMENT, SequentialIds, caller, out_of_reach, stored_payment,
    stranger,
};

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn waiting() -> Stage {
    Stage::Pending {
        next_attempt_at: now(),
    }
}

/// Holds a charge at this stage, to be found by its organization and its id only.
fn holding(stage: Stage) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.payments
        .expect_find_for_update()
        .once()
        .returning(move |owner, id| {
            let payment = stored_payment(Some(Direction::Charge), Progress::at(stage));
            let is_it = (owner, id) == (caller().organization_id, PAYMENT);
            Ok(is_it.then_some(payment))
        });
    uow
}

fn command() -> CancelPayment {
    CancelPayment {
        caller: caller(),
        id: PAYMENT,
    }
}

async fn cancel(
    command: &CancelPayment,
    uow: &mut FakeUnitOfWork,
) -> Result<PaymentFacts, CancelPaymentError> {
    let handler = CancelPaymentHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default());
    handler.handle(command, uow).await
}

#[tokio::test]
async fn a_payment_that_waits_is_called_off() {
    let mut uow = holding(waiting()).announcing("payment.cancelled", 2);
    uow.payments
        .expect_save()
        .once()
        .withf(|payment, before| {
            payment.facts().status() == PaymentStatus::Cancelled && *before == Version::FIRST
        })
        .returning(|_, _| Ok(Saved::Stored));

    let cancelled = cancel(&command(), &mut uow).await.unwrap();

    assert_eq!(cancelled.progress.stage, Stage::Cancelled { at: now() });
}

#[rstest]
#[case::under_way(Stage::Processing { presumed_lost_at: now() })]
#[case::nobody_knows(Stage::Unknown { since: now(), next_check_at: now(), checks: 0 })]
#[case::done(Stage::Completed { at: now() })]
#[case::failed(Stage::Failed { at: now() })]
#[case::called_off_already(Stage::Cancelled { at: now() })]
#[tokio::test]
async fn any_other_payment_is_not(#[case] stage: Stage) {
    let refused = cancel(&command(), &mut holding(stage)).await;

    assert!(
        matches!(refused, Err(CancelPaymentError::Refused(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_payment_of_somebody_else_is_not_there() {
    let command = CancelPayment {
        caller: stranger(),
        ..command()
    };

    let refused = cancel(&command, &mut holding(waiting())).await;

    assert!(
        matches!(refused, Err(CancelPaymentError::NotFound(PAYMENT))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_worker_that_is_quicker_wins() {
    let mut uow = holding(waiting());
    uow.payments
        .expect_save()
        .once()
        .returning(|_, _| Ok(Saved::Fenced));

    let lost = cancel(&command(), &mut uow).await;

    assert!(
        matches!(lost, Err(CancelPaymentError::Storage(_))),
        "{lost:?}"
    );
    assert_eq!(uow.lost_races, 1);
}

#[tokio::test]
async fn a_storage_that_fails_is_told() {
    let mut uow = FakeUnitOfWork::default();
    uow.payments
        .expect_find_for_update()
        .returning(|_, _| out_of_reach());

    let failed = cancel(&command(), &mut uow).await;

    assert!(
        matches!(failed, Err(CancelPaymentError::Storage(_))),
        "{failed:?}"
    );
}
