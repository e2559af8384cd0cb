use std::collections::HashSet;

use domain::ids::{EventId, WebhookDeliveryId};
use uuid::Uuid;

use super::*;
use crate::{
    ports::NewDelivery,
    testing::{FakeUnitOfWork, FixedClock, NOW, ORGANIZATION, WEBHOOK, out_of_reach},
};

fn message(number: u128) -> WebhookMessage {
    WebhookMessage {
        event_id: EventId::from_uuid(Uuid::from_u128(number)),
        organization_id: ORGANIZATION,
        event_type: "invoice.sent".to_owned(),
        body: "{}".to_owned(),
        deliveries: vec![NewDelivery {
            id: WebhookDeliveryId::from_uuid(Uuid::from_u128(100 + number)),
            webhook_id: WEBHOOK,
        }],
    }
}

fn command() -> EnqueueDeliveries {
    EnqueueDeliveries {
        messages: vec![message(1), message(2), message(3)],
    }
}

fn handler() -> EnqueueDeliveriesHandler {
    EnqueueDeliveriesHandler::new(FixedClock::at(NOW))
}

fn knowing_all_but(new: &'static [u128]) -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.inbox
        .expect_keep_new()
        .once()
        .withf(|consumer, events| consumer == "webhooks" && events.len() == 3)
        .returning(move |_, _| {
            let new = new
                .iter()
                .map(|it| EventId::from_uuid(Uuid::from_u128(*it)));
            Ok(new.collect::<HashSet<_>>())
        });
    uow
}

#[tokio::test]
async fn deliveries_of_new_events_are_made() {
    let mut uow = knowing_all_but(&[1, 3]);
    uow.webhook_deliveries
        .expect_enqueue()
        .once()
        .withf(|messages, _| *messages == [message(1), message(3)])
        .returning(|_, _| Ok(()));

    let done = handler().handle(&command(), &mut uow).await;

    assert!(done.is_ok());
}

#[tokio::test]
async fn nothing_is_made_of_events_that_were_dealt_with() {
    let done = handler()
        .handle(&command(), &mut knowing_all_but(&[]))
        .await;

    assert!(done.is_ok());
}

#[tokio::test]
async fn a_failing_storage_is_told() {
    let mut uow = FakeUnitOfWork::default();
    let note = uow.inbox.expect_keep_new();
    note.returning(|_, _| out_of_reach());

    let failed = handler().handle(&command(), &mut uow).await;

    assert!(failed.is_err());
}
