use domain::webhooks::{DisabledReason, Webhook};
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::{
    events::CloudEvent,
    testing::{
        FakeUnitOfWork, FixedClock, NOW, SequentialIds, WEBHOOK, caller, out_of_reach,
        stored_webhook, stranger,
    },
};

#[fixture]
fn handler() -> TestWebhookHandler {
    TestWebhookHandler::new(FixedClock::at(NOW), Arc::<SequentialIds>::default())
}

fn command() -> TestWebhook {
    TestWebhook {
        caller: caller(),
        id: WEBHOOK,
    }
}

fn holding(webhook: Webhook) -> FakeUnitOfWork {
    FakeUnitOfWork::default().with_webhook(webhook)
}

#[rstest]
#[tokio::test]
async fn an_event_of_its_own_is_sent_to_the_endpoint(handler: TestWebhookHandler) {
    let mut uow = holding(stored_webhook());
    uow.webhook_deliveries
        .expect_enqueue()
        .once()
        .withf(|messages, _| {
            let event = CloudEvent::from_json(messages[0].body.as_bytes()).unwrap();
            let is_test = event.event_type == "webhook.test" && event.sequence == 0;
            is_test && messages[0].deliveries[0].webhook_id == WEBHOOK
        })
        .returning(|_, _| Ok(()));

    let delivery = handler.handle(&command(), &mut uow).await.unwrap();

    assert_eq!(delivery.webhook_id, WEBHOOK);
    assert_eq!(delivery.event_type, "webhook.test");
    assert_eq!(delivery.state.next_attempt_at(), Some(NOW.parse().unwrap()));
}

#[rstest]
#[tokio::test]
async fn nothing_is_sent_to_one_that_is_disabled(handler: TestWebhookHandler) {
    let mut webhook = stored_webhook();
    webhook.give_up(
        DisabledReason::Gone,
        webhook.facts().version,
        NOW.parse().unwrap(),
    );

    let refused = handler.handle(&command(), &mut holding(webhook)).await;

    assert!(matches!(refused, Err(TestWebhookError::Refused(_))));
}

#[rstest]
#[case::unknown(WebhookId::from_uuid(Uuid::from_u128(99)), caller())]
#[case::of_another(WEBHOOK, stranger())]
#[tokio::test]
async fn what_is_not_there_is_not_found(
    handler: TestWebhookHandler,
    #[case] id: WebhookId,
    #[case] caller: Caller,
) {
    let mut uow = holding(stored_webhook());

    let refused = handler.handle(&TestWebhook { caller, id }, &mut uow).await;

    assert!(matches!(refused, Err(TestWebhookError::NotFound(_))));
}

#[rstest]
#[tokio::test]
async fn a_failing_storage_is_told(handler: TestWebhookHandler) {
    let mut uow = holding(stored_webhook());
    let enqueue = uow.webhook_deliveries.expect_enqueue();
    enqueue.returning(|_, _| out_of_reach());

    let failed = handler.handle(&command(), &mut uow).await;

    assert!(matches!(failed, Err(TestWebhookError::Storage(_))));
}
