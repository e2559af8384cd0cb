use domain::webhooks::DisabledReason;
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::testing::{
    FakeUnitOfWork, FixedClock, NOW, SequentialIds, WEBHOOK, caller, out_of_reach, stored_webhook,
    stranger,
};

const SINCE: &str = "2026-11-19T00:00:00Z";

#[fixture]
fn handler() -> ReplayEventsHandler {
    ReplayEventsHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn command() -> ReplayEvents {
    ReplayEvents {
        caller: caller(),
        id: WEBHOOK,
        since: SINCE.parse().unwrap(),
    }
}

fn uow() -> FakeUnitOfWork {
    FakeUnitOfWork::default().with_webhook(stored_webhook())
}

#[rstest]
#[tokio::test]
async fn a_replay_begins(handler: ReplayEventsHandler) {
    let mut uow = uow();
    uow.webhook_deliveries
        .expect_begin_replay()
        .once()
        .withf(|replay, _| replay.since == SINCE.parse::<Timestamp>().unwrap())
        .returning(|_, _| Ok(()));

    let requested = handler.handle(&command(), &mut uow).await.unwrap();

    assert_eq!(requested.replay.webhook_id, WEBHOOK);
    assert_eq!(requested.requested_at, NOW.parse().unwrap());
}

#[rstest]
#[tokio::test]
async fn nothing_is_sent_to_one_that_is_disabled(handler: ReplayEventsHandler) {
    let mut webhook = stored_webhook();
    webhook.give_up(
        DisabledReason::Failing,
        webhook.facts().version,
        NOW.parse().unwrap(),
    );
    let mut uow = FakeUnitOfWork::default().with_webhook(webhook);

    let refused = handler.handle(&command(), &mut uow).await;

    assert!(matches!(refused, Err(ReplayEventsError::Refused(_))));
}

#[rstest]
#[case::unknown(WebhookId::from_uuid(Uuid::from_u128(99)), caller())]
#[case::of_another(WEBHOOK, stranger())]
#[tokio::test]
async fn what_is_not_there_is_not_found(
    handler: ReplayEventsHandler,
    #[case] id: WebhookId,
    #[case] caller: Caller,
) {
    let command = ReplayEvents {
        caller,
        id,
        ..command()
    };

    let refused = handler.handle(&command, &mut uow()).await;

    assert!(matches!(refused, Err(ReplayEventsError::NotFound(_))));
}

#[rstest]
#[tokio::test]
async fn a_failing_storage_is_told(handler: ReplayEventsHandler) {
    let mut uow = uow();
    let begin = uow.webhook_deliveries.expect_begin_replay();
    begin.returning(|_, _| out_of_reach());

    let failed = handler.handle(&command(), &mut uow).await;

    assert!(matches!(failed, Err(ReplayEventsError::Storage(_))));
}
