//! A courier over lanes in memory.

mod bulkhead;
mod lanes;

use std::sync::Arc;

use domain::webhooks::DeliveryState;
use jiff::SignedDuration;
use rstest::rstest;

use self::lanes::MemoryLanes;
use super::*;
use crate::testing::{
    FakeSeal, FakeTransactor, FakeUnitOfWork, FixedClock, LoadedDice, NOW, QueuedSender,
    SequentialIds, stored_webhook,
};

const REJECTED: AttemptOutcome = AttemptOutcome::Answered(503);

fn limits() -> CourierLimits {
    CourierLimits {
        well_max: 4,
        ailing_max: 4,
        per_endpoint: 2,
        poll_every: Duration::from_millis(10),
    }
}

struct Stage {
    clock: Arc<FixedClock>,
    lanes: Arc<MemoryLanes>,
    sender: Arc<QueuedSender>,
    courier: Courier,
}

impl Stage {
    fn new(
        outcomes: impl IntoIterator<Item = AttemptOutcome>,
        uow: Option<FakeUnitOfWork>,
    ) -> Self {
        let clock = FixedClock::at(NOW);
        let (lanes, sender) = (MemoryLanes::new(), QueuedSender::reporting(outcomes));
        let transactor = FakeTransactor::over_each(uow).shared();
        let parts = CourierParts {
            lanes: lanes.clone(),
            sender: sender.clone(),
            seal: Arc::new(FakeSeal),
            bus: CommandBus::new(transactor, []),
            clock: clock.clone(),
            ids: Arc::<SequentialIds>::default(),
            dice: Arc::new(LoadedDice),
            news: Arc::default(),
        };
        Self {
            courier: Courier::new(parts, limits()),
            clock,
            lanes,
            sender,
        }
    }
}

#[tokio::test]
async fn what_is_due_is_sent_once() {
    let stage = Stage::new([], None);
    stage.lanes.put(1, stage.clock.now());

    stage.courier.work_off().await.unwrap();
    stage.courier.work_off().await.unwrap();

    let sent = stage.sender.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].url, "https://shop.example/hooks");
    assert_eq!(sent[0].body, "body 1");
    assert_eq!(stage.lanes.states(), ["delivered"]);
    assert_eq!(stage.lanes.failing_since(), None);
}

/// 5 seconds, 5 minutes, 30 minutes, 2, 5, 10, 14, 20 and 24 hours.
#[tokio::test]
async fn a_receiver_that_is_down_is_asked_ten_times_in_three_days() {
    let stage = Stage::new([REJECTED; 10], None);
    stage.lanes.put(1, stage.clock.now());
    let mut waited = Vec::new();

    stage.courier.work_off().await.unwrap();
    while let Some(next) = stage.lanes.next_attempt_at() {
        let pause = next.duration_since(stage.clock.now());
        stage.clock.advance(pause - SignedDuration::from_micros(1));
        assert_eq!(stage.courier.work_off().await.unwrap(), 0, "too early");
        stage.clock.advance(SignedDuration::from_micros(1));
        stage.courier.work_off().await.unwrap();
        waited.push(pause.as_secs());
    }

    let hour = 3_600;
    let planned = [
        5,
        300,
        1_800,
        2 * hour,
        5 * hour,
        10 * hour,
        14 * hour,
        20 * hour,
        24 * hour,
    ];
    assert_eq!(waited, planned);
    assert_eq!(stage.sender.sent().len(), 10);
    assert_eq!(stage.lanes.states(), ["failed"]);
}

#[tokio::test]
async fn a_success_ends_the_time_of_failures() {
    let stage = Stage::new([REJECTED], None);
    let now = stage.clock.now();
    stage.lanes.put(1, now);

    stage.courier.work_off().await.unwrap();
    let after_failure = stage.lanes.failing_since();
    stage.clock.advance(SignedDuration::from_secs(5));
    stage.courier.work_off().await.unwrap();

    assert_eq!(after_failure, Some(now));
    assert_eq!(stage.lanes.failing_since(), None);
    assert_eq!(stage.lanes.states(), ["delivered"]);
}

fn giving_up(reason: DisabledReason) -> FakeUnitOfWork {
    let by = crate::platform::Caller {
        organization_id: stored_webhook().facts().organization_id,
        actor: domain::actor::Actor::Role("webhooks"),
    };
    let mut uow = FakeUnitOfWork::default()
        .with_webhook(stored_webhook())
        .announcing_by(by, "webhook.disabled", 2);
    uow.webhooks
        .expect_update()
        .once()
        .withf(move |it| it.facts().state.disabled().map(|(why, _)| why) == Some(reason))
        .returning(|_| Ok(()));
    uow
}

#[tokio::test]
async fn an_endpoint_that_says_that_it_is_gone_is_disabled() {
    let gone = AttemptOutcome::Answered(410);
    let stage = Stage::new([gone], Some(giving_up(DisabledReason::Gone)));
    stage.lanes.put(1, stage.clock.now());

    stage.courier.work_off().await.unwrap();

    assert_eq!(stage.lanes.states(), ["failed"]);
}

#[rstest]
#[case::a_microsecond_before_five_days(-1, false)]
#[case::after_five_days(0, true)]
#[tokio::test]
async fn an_endpoint_that_does_nothing_but_fail_is_disabled(
    #[case] microseconds: i64,
    #[case] is_disabled: bool,
) {
    let uow = is_disabled.then(|| giving_up(DisabledReason::Failing));
    let stage = Stage::new([REJECTED, REJECTED], uow);
    stage.lanes.put(1, stage.clock.now());
    stage.courier.work_off().await.unwrap();
    let days = SignedDuration::from_hours(5 * 24) + SignedDuration::from_micros(microseconds);

    stage.clock.advance(days);
    stage.courier.work_off().await.unwrap();

    assert_eq!(stage.sender.sent().len(), 2);
}

#[tokio::test]
async fn a_secret_that_cannot_be_opened_fails_the_attempt() {
    let stage = Stage::new([], None);
    stage.lanes.put(1, stage.clock.now());
    stage.lanes.spoil_secret();

    stage.courier.work_off().await.unwrap();

    let unsigned = AttemptOutcome::Failed(SendFailure::Unsigned);
    assert_eq!(stage.sender.sent().len(), 0);
    assert_eq!(stage.lanes.last_outcome(), Some(unsigned));
    assert!(matches!(
        stage.lanes.state(),
        Some(DeliveryState::Pending { .. })
    ));
}
