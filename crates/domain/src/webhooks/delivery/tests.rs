use jiff::SignedDuration;
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::webhooks::ATTEMPTS_MAX;

fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

fn fresh() -> Delivery {
    Delivery::restore(DeliveryFacts {
        id: WebhookDeliveryId::from_uuid(Uuid::from_u128(1)),
        organization_id: OrganizationId::from_uuid(Uuid::from_u128(2)),
        webhook_id: WebhookId::from_uuid(Uuid::from_u128(3)),
        event_id: EventId::from_uuid(Uuid::from_u128(4)),
        event_type: "invoice.sent".into(),
        state: DeliveryState::Pending {
            next_attempt_at: now(),
        },
        attempts: 0,
        last_attempt: None,
        created_at: now(),
    })
}

fn attempt(outcome: AttemptOutcome) -> Attempt {
    Attempt {
        at: now(),
        took_ms: 12,
        outcome,
    }
}

#[rstest]
#[case::ok(AttemptOutcome::Answered(200), "delivered")]
#[case::no_content(AttemptOutcome::Answered(204), "delivered")]
#[case::last_of_its_kind(AttemptOutcome::Answered(299), "delivered")]
#[case::redirect(AttemptOutcome::Answered(301), "pending")]
#[case::refused(AttemptOutcome::Answered(400), "pending")]
#[case::gone(AttemptOutcome::Answered(410), "failed")]
#[case::broken(AttemptOutcome::Answered(500), "pending")]
#[case::informational(AttemptOutcome::Answered(199), "pending")]
#[case::late(AttemptOutcome::Failed(SendFailure::TimedOut), "pending")]
fn an_answer_of_two_hundred_and_something_is_success(
    #[case] outcome: AttemptOutcome,
    #[case] state: &str,
) {
    let mut delivery = fresh();

    delivery.note(attempt(outcome), Jitter::NONE);

    assert_eq!(delivery.facts().state.code(), state);
    assert_eq!(delivery.facts().attempts, 1);
    assert_eq!(delivery.facts().last_attempt, Some(attempt(outcome)));
}

#[test]
fn the_tenth_failure_is_the_last() {
    let mut delivery = fresh();
    let failed = attempt(AttemptOutcome::Answered(503));

    for _ in 1..ATTEMPTS_MAX {
        delivery.note(failed, Jitter::NONE);
        assert!(delivery.facts().state.next_attempt_at() > Some(now()));
    }
    delivery.note(failed, Jitter::NONE);

    assert_eq!(delivery.facts().state, DeliveryState::Failed);
}

#[test]
fn what_begins_anew_has_all_its_attempts_again() {
    let mut delivery = fresh();
    for _ in 0..ATTEMPTS_MAX {
        delivery.note(attempt(AttemptOutcome::Answered(503)), Jitter::NONE);
    }

    delivery.begin_anew(now() + SignedDuration::from_secs(9));
    let next = delivery.facts().state.next_attempt_at();
    delivery.note(attempt(AttemptOutcome::Answered(503)), Jitter::NONE);

    assert_eq!(next, Some(now() + SignedDuration::from_secs(9)));
    let planned = now() + SignedDuration::from_millis(5_012);
    assert_eq!(delivery.facts().state.next_attempt_at(), Some(planned));
}
