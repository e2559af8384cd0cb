use domain::{
    version::Version,
    webhooks::{WebhookDescription, WebhookProfile, WebhookState},
};
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::testing::{
    FakeUnitOfWork, FixedClock, NOW, SequentialIds, WEBHOOK, caller, out_of_reach, stored_webhook,
    stranger, webhook_profile,
};

#[fixture]
fn handler() -> ReviseWebhookHandler {
    ReviseWebhookHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn command(changes: WebhookChanges) -> ReviseWebhook {
    ReviseWebhook {
        caller: caller(),
        id: WEBHOOK,
        precondition: Precondition::Any,
        changes,
    }
}

fn uow() -> FakeUnitOfWork {
    FakeUnitOfWork::default().with_webhook(stored_webhook())
}

#[rstest]
#[tokio::test]
async fn what_is_said_changes_and_the_rest_stays(handler: ReviseWebhookHandler) {
    let mut uow = uow().announcing("webhook.updated", 2);
    uow.webhooks.expect_update().once().returning(|_| Ok(()));
    let changes = WebhookChanges {
        event_types: Some(webhook_profile(&["user.*"]).event_types),
        description: Some(Some(WebhookDescription::parse("shop").unwrap())),
        is_enabled: Some(false),
        ..WebhookChanges::default()
    };

    let facts = handler.handle(&command(changes), &mut uow).await.unwrap();

    let expected = WebhookProfile {
        description: Some(WebhookDescription::parse("shop").unwrap()),
        ..webhook_profile(&["user.*"])
    };
    assert_eq!(facts.profile, expected);
    assert!(!facts.state.is_enabled());
    assert_eq!(facts.version, Version::new(2));
}

#[rstest]
#[tokio::test]
async fn whether_it_is_enabled_stays_unless_it_is_said(handler: ReviseWebhookHandler) {
    let mut uow = uow().announcing("webhook.updated", 2);
    uow.webhooks.expect_update().once().returning(|_| Ok(()));

    let changes = command(WebhookChanges::default());
    let facts = handler.handle(&changes, &mut uow).await.unwrap();

    assert_eq!(facts.state, WebhookState::Enabled);
}

#[rstest]
#[case::unknown(WebhookId::from_uuid(Uuid::from_u128(99)), caller())]
#[case::of_another(WEBHOOK, stranger())]
#[tokio::test]
async fn what_is_not_there_is_not_found(
    handler: ReviseWebhookHandler,
    #[case] id: WebhookId,
    #[case] caller: Caller,
) {
    let command = ReviseWebhook {
        caller,
        id,
        ..command(WebhookChanges::default())
    };

    let refused = handler.handle(&command, &mut uow()).await;

    assert!(matches!(refused, Err(ReviseWebhookError::NotFound(_))));
}

#[rstest]
#[tokio::test]
async fn a_version_that_the_caller_has_not_seen_is_left_alone(handler: ReviseWebhookHandler) {
    let command = ReviseWebhook {
        precondition: Precondition::OneOf(vec![Version::new(7)]),
        ..command(WebhookChanges::default())
    };

    let refused = handler.handle(&command, &mut uow()).await;

    assert!(matches!(refused, Err(ReviseWebhookError::Conflict(_))));
}

#[rstest]
#[tokio::test]
async fn a_failing_storage_is_told(handler: ReviseWebhookHandler) {
    let mut uow = uow();
    uow.webhooks.expect_update().returning(|_| out_of_reach());

    let changes = command(WebhookChanges::default());
    let failed = handler.handle(&changes, &mut uow).await;

    assert!(matches!(failed, Err(ReviseWebhookError::Storage(_))));
}
