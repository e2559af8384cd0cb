use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::testing::{
    FakeUnitOfWork, FixedClock, NOW, ORGANIZATION, SequentialIds, WEBHOOK, out_of_reach,
    stored_webhook,
};

#[fixture]
fn handler() -> GiveUpWebhookHandler {
    GiveUpWebhookHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn command(id: WebhookId) -> GiveUpWebhook {
    GiveUpWebhook {
        organization_id: ORGANIZATION,
        id,
        seen: Version::FIRST,
        reason: DisabledReason::Gone,
    }
}

#[rstest]
#[tokio::test]
async fn an_endpoint_is_disabled_and_its_owner_can_hear_of_it(handler: GiveUpWebhookHandler) {
    let by = Caller {
        organization_id: ORGANIZATION,
        actor: Actor::Role("webhooks"),
    };
    let mut uow = FakeUnitOfWork::default()
        .with_webhook(stored_webhook())
        .announcing_by(by, "webhook.disabled", 2);
    uow.webhooks
        .expect_update()
        .once()
        .withf(|webhook| !webhook.facts().state.is_enabled())
        .returning(|_| Ok(()));

    let is_news = handler.handle(&command(WEBHOOK), &mut uow).await.unwrap();

    assert!(is_news);
}

#[rstest]
#[case::one_that_is_not_there(WebhookId::from_uuid(Uuid::from_u128(99)))]
#[case::one_that_is_disabled(WEBHOOK)]
#[tokio::test]
async fn nothing_is_done_twice(handler: GiveUpWebhookHandler, #[case] id: WebhookId) {
    let mut webhook = stored_webhook();
    webhook.give_up(
        DisabledReason::Failing,
        Version::FIRST,
        NOW.parse().unwrap(),
    );
    let mut uow = FakeUnitOfWork::default().with_webhook(webhook);

    let is_news = handler.handle(&command(id), &mut uow).await.unwrap();

    assert!(!is_news);
}

/// What answered was told of, or had failed, before the owner moved the endpoint or enabled it again.
#[rstest]
#[tokio::test]
async fn what_its_owner_has_changed_meanwhile_is_left_alone(handler: GiveUpWebhookHandler) {
    let mut uow = FakeUnitOfWork::default().with_webhook(stored_webhook());
    let earlier = GiveUpWebhook {
        seen: Version::new(Version::FIRST.as_i64() - 1),
        ..command(WEBHOOK)
    };

    let is_news = handler.handle(&earlier, &mut uow).await.unwrap();

    assert!(!is_news);
}

#[rstest]
#[tokio::test]
async fn a_failing_storage_is_told(handler: GiveUpWebhookHandler) {
    let mut uow = FakeUnitOfWork::default().with_webhook(stored_webhook());
    uow.webhooks.expect_update().returning(|_| out_of_reach());

    let failed = handler.handle(&command(WEBHOOK), &mut uow).await;

    assert!(failed.is_err());
}
