use domain::version::Version;
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::testing::{
    FakeUnitOfWork, FixedClock, NOW, SequentialIds, WEBHOOK, caller, out_of_reach, stored_webhook,
    stranger,
};

#[fixture]
fn handler() -> DeleteWebhookHandler {
    DeleteWebhookHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn command() -> DeleteWebhook {
    DeleteWebhook {
        caller: caller(),
        id: WEBHOOK,
        precondition: Precondition::Any,
    }
}

fn uow() -> FakeUnitOfWork {
    FakeUnitOfWork::default().with_webhook(stored_webhook())
}

#[rstest]
#[tokio::test]
async fn an_endpoint_is_deleted_and_that_is_announced(handler: DeleteWebhookHandler) {
    let mut uow = uow().announcing("webhook.deleted", 2);
    uow.webhooks
        .expect_update()
        .once()
        .withf(|webhook| webhook.facts().deleted_at == Some(NOW.parse().unwrap()))
        .returning(|_| Ok(()));

    let deleted = handler.handle(&command(), &mut uow).await;

    assert!(deleted.is_ok());
}

#[rstest]
#[case::unknown(WebhookId::from_uuid(Uuid::from_u128(99)), caller())]
#[case::of_another(WEBHOOK, stranger())]
#[tokio::test]
async fn what_is_not_there_is_not_found(
    handler: DeleteWebhookHandler,
    #[case] id: WebhookId,
    #[case] caller: Caller,
) {
    let command = DeleteWebhook {
        caller,
        id,
        ..command()
    };

    let refused = handler.handle(&command, &mut uow()).await;

    assert!(matches!(refused, Err(DeleteWebhookError::NotFound(_))));
}

#[rstest]
#[tokio::test]
async fn a_version_that_the_caller_has_not_seen_is_left_alone(handler: DeleteWebhookHandler) {
    let command = DeleteWebhook {
        precondition: Precondition::OneOf(vec![Version::new(7)]),
        ..command()
    };

    let refused = handler.handle(&command, &mut uow()).await;

    assert!(matches!(refused, Err(DeleteWebhookError::Conflict(_))));
}

#[rstest]
#[tokio::test]
async fn a_failing_storage_is_told(handler: DeleteWebhookHandler) {
    let mut uow = uow();
    uow.webhooks.expect_update().returning(|_| out_of_reach());

    let failed = handler.handle(&command(), &mut uow).await;

    assert!(matches!(failed, Err(DeleteWebhookError::Storage(_))));
}
