//! What others have dealt with meanwhile.

use domain::payments::{Direction, Outcome, PaymentStatus, Progress, Stage};
use rstest::rstest;

use super::{UNDER_WAY, command, executed, handler, now, seen, unknown};
use crate::{
    payments::{Report, Settled},
    testing::{FakeUnitOfWork, ORGANIZATION, PAYMENT, stored_payment},
    transaction::CommandHandler,
};

/// Finds that it stands like this, as of another version.
fn overtaken(stage: Stage) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.payment_work
        .expect_lock_unchanged()
        .once()
        .returning(|_, _| Ok(None));
    uow.payments
        .expect_find_for_update()
        .withf(|owner, id| (*owner, *id) == (ORGANIZATION, PAYMENT))
        .returning(move |_, _| {
            let progress = Progress::at(stage);
            Ok(Some(stored_payment(Some(Direction::Charge), progress)))
        });
    uow
}

#[rstest]
#[case::that_goes_on(UNDER_WAY, executed(Outcome::Succeeded), Settled::Fenced)]
#[case::that_is_asked_about(unknown(0), executed(Outcome::Pending), Settled::Fenced)]
#[case::that_is_booked(Stage::Completed { at: now() }, executed(Outcome::Succeeded), Settled::Fenced)]
#[case::that_waits(Stage::Pending { next_attempt_at: now() }, executed(Outcome::Succeeded),
    Settled::Astray(PaymentStatus::Pending))]
#[case::that_was_cancelled(Stage::Cancelled { at: now() }, seen(Outcome::Succeeded),
    Settled::Astray(PaymentStatus::Cancelled))]
#[case::that_was_cancelled_and_has_not_moved(Stage::Cancelled { at: now() }, executed(Outcome::Declined),
    Settled::Fenced)]
#[tokio::test]
async fn whoever_was_too_slow_writes_nothing_of_a_payment(
    #[case] stage: Stage,
    #[case] report: Report,
    #[case] expected: Settled,
) {
    let mut uow = overtaken(stage);

    let settled = handler().handle(&command(report), &mut uow).await.unwrap();

    assert_eq!(settled, expected);
}

#[tokio::test]
async fn what_failed_while_its_money_moved_is_a_dead_letter() {
    let mut uow = overtaken(Stage::Failed { at: now() });
    uow.payment_dead_letters
        .expect_insert()
        .once()
        .withf(|dead| dead.key.payment_id == PAYMENT && dead.answer_code.as_deref() == Some("said"))
        .returning(|_| Ok(()));

    let report = executed(Outcome::Succeeded);
    let settled = handler().handle(&command(report), &mut uow).await.unwrap();

    assert_eq!(settled, Settled::Astray(PaymentStatus::Failed));
}
