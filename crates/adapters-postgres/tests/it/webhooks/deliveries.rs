//! Deliveries: made once, sent, tried again, begun anew.

use std::sync::Arc;

use app::{
    testing::{QueuedSender, caller, stranger},
    webhooks::{RetryDelivery, RetryDeliveryError, RetryDeliveryHandler},
};
use domain::webhooks::{Attempt, AttemptOutcome, DeliveryState, SendFailure};
use jiff::SignedDuration;

use super::support::event;
use crate::support::{World, at};

const REJECTED: AttemptOutcome = AttemptOutcome::Answered(503);

#[tokio::test]
async fn an_event_is_delivered_to_each_endpoint_once_however_often_it_comes() {
    let world = World::with_webhooks(2).await;
    let sender = QueuedSender::reporting([]);
    let courier = world.courier(sender.clone());

    for _ in 0..3 {
        world.fan_out(&[event(1), event(2), event(1)]).await;
        courier.work_off().await.unwrap();
    }

    assert_eq!(sender.sent().len(), 4);
    for webhook in 1..=2 {
        assert_eq!(world.states(webhook).await, ["delivered", "delivered"]);
    }
    let admin = world.admin().await;
    assert_eq!(admin.count("webhook_messages").await, 2);
    assert_eq!(admin.count("inbox WHERE consumer = 'webhooks'").await, 2);
}

#[tokio::test]
async fn what_is_sent_is_the_event_as_everybody_gets_it() {
    let world = World::with_webhooks(1).await;
    let sender = QueuedSender::reporting([]);

    world.fan_out(&[event(1)]).await;
    world.courier(sender.clone()).work_off().await.unwrap();

    assert_eq!(sender.sent()[0].body, event(1).event.to_json().unwrap());
}

#[tokio::test]
async fn attempts_come_back_as_they_were_noted() {
    let world = World::with_webhooks(1).await;
    let late = AttemptOutcome::Failed(SendFailure::TimedOut);
    let courier = world.courier(QueuedSender::reporting([REJECTED, late]));
    let noted = |outcome, at| {
        Some(Attempt {
            at,
            took_ms: 0,
            outcome,
        })
    };
    let now = at("2026-11-20T12:00:00Z");
    let five_seconds = SignedDuration::from_secs(5);

    world.fan_out(&[event(1)]).await;
    let fresh = world.deliveries(1).await.remove(0);
    courier.work_off().await.unwrap();
    let first = world.deliveries(1).await.remove(0);
    world.clock.advance(five_seconds);
    courier.work_off().await.unwrap();
    let second = world.deliveries(1).await.remove(0);
    world.clock.advance(SignedDuration::from_mins(5));
    courier.work_off().await.unwrap();
    let third = world.deliveries(1).await.remove(0);

    assert_eq!((fresh.attempts, fresh.last_attempt), (0, None));
    assert_eq!(fresh.state.next_attempt_at(), Some(now));
    assert_eq!(first.state.next_attempt_at(), Some(now + five_seconds));
    assert_eq!(first.last_attempt, noted(REJECTED, now));
    assert_eq!(second.last_attempt, noted(late, now + five_seconds));
    assert_eq!((third.attempts, third.state), (3, DeliveryState::Delivered));
}

async fn retry(world: &World, command: RetryDelivery) -> Result<(), RetryDeliveryError> {
    let handler = Arc::new(RetryDeliveryHandler::new(world.clock.clone()));
    world.bus.execute(handler, command).await.map(drop)
}

#[tokio::test]
async fn a_delivery_is_sent_again_when_somebody_asks_for_it() {
    let world = World::with_webhooks(1).await;
    let sender = QueuedSender::reporting([]);
    let courier = world.courier(sender.clone());
    world.fan_out(&[event(1)]).await;
    courier.work_off().await.unwrap();
    let id = world.deliveries(1).await[0].id;
    let ask = |caller| RetryDelivery { caller, id };

    let theirs = retry(&world, ask(stranger())).await;
    retry(&world, ask(caller())).await.unwrap();
    let asked = world.states(1).await;
    courier.work_off().await.unwrap();

    assert!(matches!(theirs, Err(RetryDeliveryError::NotFound(_))));
    assert_eq!(asked, ["pending"]);
    assert_eq!(world.states(1).await, ["delivered"]);
    assert_eq!(sender.sent().len(), 2);
}

#[tokio::test]
async fn old_deliveries_are_forgotten_and_their_events_later() {
    let world = World::with_webhooks(1).await;
    let day = SignedDuration::from_hours(24);
    let now = at("2026-11-20T12:00:00Z");
    world.fan_out(&[event(1)]).await;
    world.clock.advance(day);
    world.fan_out(&[event(2)]).await;
    let lanes: Arc<dyn app::ports::WebhookLanes> = world.lanes();
    let admin = world.admin().await;

    let has_more = lanes.forget(now + SignedDuration::from_secs(1)).await;

    assert!(!has_more.unwrap());
    assert_eq!(world.deliveries(1).await.len(), 1);
    assert_eq!(admin.count("webhook_messages").await, 2);
    lanes.forget(now + day * 12).await.unwrap();
    assert_eq!(world.deliveries(1).await.len(), 0);
    assert_eq!(admin.count("webhook_messages").await, 0);
}
