use domain::webhooks::{Delivery, DeliveryState, DisabledReason};
use rstest::{fixture, rstest};
use uuid::Uuid;

use super::*;
use crate::testing::{
    DELIVERY, FakeUnitOfWork, FixedClock, NOW, caller, out_of_reach, stored_delivery,
    stored_webhook, stranger,
};

#[fixture]
fn handler() -> RetryDeliveryHandler {
    RetryDeliveryHandler::new(FixedClock::at(NOW))
}

fn command() -> RetryDelivery {
    RetryDelivery {
        caller: caller(),
        id: DELIVERY,
    }
}

fn failed() -> Delivery {
    Delivery::restore(DeliveryFacts {
        state: DeliveryState::Failed,
        attempts: 10,
        ..stored_delivery().facts().clone()
    })
}

fn uow() -> FakeUnitOfWork {
    FakeUnitOfWork::default()
        .with_webhook(stored_webhook())
        .with_delivery(failed())
}

#[rstest]
#[tokio::test]
async fn a_delivery_begins_anew_at_once(handler: RetryDeliveryHandler) {
    let mut uow = uow();
    uow.webhook_deliveries
        .expect_update()
        .once()
        .withf(|delivery| delivery.facts().attempts == 0)
        .returning(|_| Ok(()));

    let facts = handler.handle(&command(), &mut uow).await.unwrap();

    assert_eq!(facts.state.next_attempt_at(), Some(NOW.parse().unwrap()));
}

#[rstest]
#[case::unknown(WebhookDeliveryId::from_uuid(Uuid::from_u128(99)), caller())]
#[case::of_another(DELIVERY, stranger())]
#[tokio::test]
async fn what_is_not_there_is_not_found(
    handler: RetryDeliveryHandler,
    #[case] id: WebhookDeliveryId,
    #[case] caller: crate::platform::Caller,
) {
    let refused = handler
        .handle(&RetryDelivery { caller, id }, &mut uow())
        .await;

    assert!(matches!(refused, Err(RetryDeliveryError::NotFound(_))));
}

#[rstest]
#[tokio::test]
async fn a_delivery_to_an_endpoint_that_is_no_more_is_not_found(handler: RetryDeliveryHandler) {
    let mut uow = FakeUnitOfWork::default().with_delivery(failed());
    let find = uow.webhooks.expect_find_for_update();
    find.returning(|_, _| Ok(None));

    let refused = handler.handle(&command(), &mut uow).await;

    assert!(matches!(refused, Err(RetryDeliveryError::NotFound(_))));
}

#[rstest]
#[tokio::test]
async fn nothing_is_sent_to_one_that_is_disabled(handler: RetryDeliveryHandler) {
    let mut webhook = stored_webhook();
    webhook.give_up(
        DisabledReason::Gone,
        webhook.facts().version,
        NOW.parse().unwrap(),
    );
    let mut uow = FakeUnitOfWork::default()
        .with_webhook(webhook)
        .with_delivery(failed());

    let refused = handler.handle(&command(), &mut uow).await;

    assert!(matches!(refused, Err(RetryDeliveryError::Refused(_))));
}

#[rstest]
#[tokio::test]
async fn a_failing_storage_is_told(handler: RetryDeliveryHandler) {
    let mut uow = uow();
    let update = uow.webhook_deliveries.expect_update();
    update.returning(|_| out_of_reach());

    let failed = handler.handle(&command(), &mut uow).await;

    assert!(matches!(failed, Err(RetryDeliveryError::Storage(_))));
}
