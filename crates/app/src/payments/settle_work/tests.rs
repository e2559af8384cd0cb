mod overtaken;

use domain::payments::{
    Direction, Outcome, PaymentStatus, Progress, ProviderAnswer, ProviderReference, Stage,
};
use jiff::SignedDuration;
use rstest::rstest;

use super::*;
use crate::{
    ports::Saved,
    testing::{
        FakeUnitOfWork, FixedClock, MemoryPostingStore, NOW, ORGANIZATION, PAYMENT, SequentialIds,
        out_of_reach, standing, stored_payment,
    },
};

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn after(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

fn handler() -> SettleWorkHandler {
    let ids = Arc::<SequentialIds>::default();
    // The first ones are those of accounts that are there.
    for _ in 0..9 {
        ids.new_id();
    }
    SettleWorkHandler::new(Patience::default(), FixedClock::at(NOW), ids)
}

fn command(report: Report) -> SettleWork {
    SettleWork {
        key: WorkKey {
            organization_id: ORGANIZATION,
            payment_id: PAYMENT,
            refund_id: None,
        },
        version: Version::FIRST,
        asked_at: now(),
        report,
        chance: Chance::WHOLE,
    }
}

/// A charge that is at this stage, after so many attempts.
fn charge(stage: Stage, attempts: u32) -> LockedWork {
    let progress = Progress {
        attempts,
        ..Progress::at(stage)
    };
    LockedWork::Payment(Box::new(stored_payment(Some(Direction::Charge), progress)))
}

const UNDER_WAY: Stage = Stage::Processing {
    presumed_lost_at: Timestamp::MAX,
};

fn unknown(checks: u32) -> Stage {
    Stage::Unknown {
        since: now(),
        next_check_at: now(),
        checks,
    }
}

/// Finds this work, and stores what became of it if it is at that stage then.
fn meeting(work: LockedWork, expected: Stage) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.payment_work
        .expect_lock_unchanged()
        .once()
        .withf(|key, version| key.payment_id == PAYMENT && *version == Version::FIRST)
        .returning(move |_, _| Ok(Some(work.clone())));
    uow.payments
        .expect_save()
        .once()
        .withf(move |payment, before| {
            payment.facts().progress.stage == expected && *before == Version::FIRST
        })
        .returning(|_, _| Ok(Saved::Stored));
    uow.outbox.expect_append().returning(|_, _| Ok(()));
    not_noticed(uow)
}

fn not_noticed(mut uow: FakeUnitOfWork) -> FakeUnitOfWork {
    let noticed = uow.payment_work.expect_is_noticed_since();
    noticed.returning(|_, _| Ok(false));
    uow
}

fn executed(outcome: Outcome) -> Report {
    Report::Executed(ProviderAnswer::of(outcome, "said"))
}

fn seen(outcome: Outcome) -> Report {
    Report::LookedUp(Sighting::Seen(ProviderAnswer::of(outcome, "said")))
}

#[rstest]
#[case::declined(UNDER_WAY, executed(Outcome::Declined), Stage::Failed { at: now() })]
#[case::to_be_repeated(UNDER_WAY, executed(Outcome::Retryable), Stage::Pending { next_attempt_at: after(1) })]
#[case::nobody_knows(UNDER_WAY, executed(Outcome::Unknown),
    Stage::Unknown { since: now(), next_check_at: after(10), checks: 0 })]
#[case::not_done_yet(UNDER_WAY, executed(Outcome::Pending),
    Stage::Unknown { since: now(), next_check_at: after(10), checks: 0 })]
#[case::asked_in_vain(unknown(0), Report::LookedUp(Sighting::NoAnswer),
    Stage::Unknown { since: now(), next_check_at: after(60), checks: 1 })]
#[case::asked_in_vain_again(unknown(1), Report::LookedUp(Sighting::NoAnswer),
    Stage::Unknown { since: now(), next_check_at: after(300), checks: 2 })]
#[case::it_never_arrived(unknown(0), Report::LookedUp(Sighting::NeverArrived),
    Stage::Pending { next_attempt_at: after(1) })]
#[case::it_was_declined(unknown(0), seen(Outcome::Declined), Stage::Failed { at: now() })]
#[tokio::test]
async fn what_a_provider_says_decides_how_it_goes_on(
    #[case] stage: Stage,
    #[case] report: Report,
    #[case] expected: Stage,
) {
    let mut uow = meeting(charge(stage, 1), expected);

    let settled = handler().handle(&command(report), &mut uow).await.unwrap();

    assert_eq!(settled, Settled::As(expected.status()));
}

#[rstest]
#[case::at_once(UNDER_WAY, executed(Outcome::Succeeded))]
#[case::as_is_seen_later(unknown(3), seen(Outcome::Succeeded))]
#[tokio::test]
async fn a_charge_that_went_well_is_booked_with_its_state(
    #[case] stage: Stage,
    #[case] report: Report,
) {
    let store = MemoryPostingStore::with([standing(1, 0)]);
    let completed = Stage::Completed { at: now() };
    let mut uow = meeting(charge(stage, 1), completed).with_books(&store);

    let settled = handler().handle(&command(report), &mut uow).await.unwrap();

    assert_eq!(settled, Settled::As(PaymentStatus::Completed));
    let page = standing(1, 0).folio;
    let balance = store.see(|stored| stored.standings[&page].balance_minor);
    assert_eq!(balance, 100);
}

#[rstest]
#[case::an_attempt(UNDER_WAY, executed(Outcome::Retryable))]
#[case::a_question(unknown(0), Report::LookedUp(Sighting::NeverArrived))]
#[tokio::test]
async fn what_fails_after_the_last_attempt_is_a_dead_letter(
    #[case] stage: Stage,
    #[case] report: Report,
) {
    let mut uow = meeting(charge(stage, 5), Stage::Failed { at: now() });
    uow.payment_dead_letters
        .expect_insert()
        .once()
        .withf(|dead| dead.key.payment_id == PAYMENT && dead.attempts == 5 && dead.dead_at == now())
        .returning(|_| Ok(()));

    let settled = handler().handle(&command(report), &mut uow).await.unwrap();

    assert_eq!(settled, Settled::Dead);
}

#[tokio::test]
async fn the_provider_s_name_for_it_is_kept() {
    let answer = ProviderAnswer {
        reference: Some(ProviderReference::parse("pi_1").unwrap()),
        ..ProviderAnswer::of(Outcome::Pending, "processing")
    };
    let mut uow = not_noticed(FakeUnitOfWork::default());
    uow.payment_work
        .expect_lock_unchanged()
        .returning(|_, _| Ok(Some(charge(UNDER_WAY, 1))));
    uow.payments
        .expect_save()
        .once()
        .withf(|payment, _| {
            let progress = &payment.facts().progress;
            let reference = progress.reference.as_ref();
            reference.is_some_and(|it| it.as_str() == "pi_1")
                && progress
                    .answer
                    .as_ref()
                    .is_some_and(|it| it.as_str() == "processing")
        })
        .returning(|_, _| Ok(Saved::Stored));
    uow.outbox.expect_append().once().returning(|_, _| Ok(()));

    let command = command(Report::Executed(answer));
    let settled = handler().handle(&command, &mut uow).await.unwrap();

    assert_eq!(settled, Settled::As(PaymentStatus::Unknown));
}

#[tokio::test]
async fn a_notice_that_came_while_the_provider_was_asked_has_it_asked_again_at_once() {
    let expected = Stage::Unknown {
        since: now(),
        next_check_at: now(),
        checks: 1,
    };
    let mut uow = FakeUnitOfWork::default();
    let noticed = uow.payment_work.expect_is_noticed_since().once();
    noticed
        .withf(|key, since| key.payment_id == PAYMENT && *since == now())
        .returning(|_, _| Ok(true));
    uow.payment_work
        .expect_lock_unchanged()
        .returning(|_, _| Ok(Some(charge(unknown(0), 1))));
    uow.payments
        .expect_save()
        .once()
        .withf(move |payment, _| payment.facts().progress.stage == expected)
        .returning(|_, _| Ok(Saved::Stored));
    uow.outbox.expect_append().returning(|_, _| Ok(()));

    let report = Report::LookedUp(Sighting::NoAnswer);
    let settled = handler().handle(&command(report), &mut uow).await.unwrap();

    assert_eq!(settled, Settled::As(PaymentStatus::Unknown));
}

#[tokio::test]
async fn an_account_that_is_gone_leaves_it_unbooked() {
    let store = MemoryPostingStore::with([]);
    let completed = Stage::Completed { at: now() };
    let mut uow = meeting(charge(UNDER_WAY, 1), completed).with_books(&store);

    let report = executed(Outcome::Succeeded);
    let settled = handler().handle(&command(report), &mut uow).await;

    assert!(
        matches!(settled, Err(SettleWorkError::Unbooked(_))),
        "{settled:?}"
    );
}

#[tokio::test]
async fn a_storage_that_fails_is_told() {
    let mut uow = FakeUnitOfWork::default();
    uow.payment_work
        .expect_lock_unchanged()
        .returning(|_, _| out_of_reach());

    let report = executed(Outcome::Succeeded);
    let settled = handler().handle(&command(report), &mut uow).await;

    assert!(
        matches!(settled, Err(SettleWorkError::Storage(_))),
        "{settled:?}"
    );
}
