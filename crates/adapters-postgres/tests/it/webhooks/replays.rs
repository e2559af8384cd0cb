//! Replays: each piece once, whoever works it off.

use std::sync::Arc;

use app::{
    events::EventPosition,
    ports::{NewReplay, WebhookLanes, WebhookQueries},
    testing::{ORGANIZATION, QueuedSender},
};
use domain::ids::WebhookReplayId;
use futures_util::FutureExt;
use jiff::SignedDuration;
use uuid::Uuid;

use super::support::{event, webhook, webhook_id};
use crate::support::{World, at};

const SINCE: &str = "2026-11-19T00:00:00Z";
const NOW: &str = "2026-11-20T12:00:00Z";

fn replay(number: u128) -> NewReplay {
    NewReplay {
        id: WebhookReplayId::from_uuid(Uuid::from_u128(number)),
        organization_id: ORGANIZATION,
        webhook_id: webhook_id(1),
        since: at(SINCE),
    }
}

async fn begin(world: &World, number: u128) {
    begin_for(world, 1, number).await;
}

async fn begin_for(world: &World, webhook: u128, number: u128) {
    let begun = world.write(move |uow| {
        let begin = async move {
            let deliveries = uow.webhook_deliveries();
            let asked = NewReplay {
                webhook_id: webhook_id(webhook),
                ..replay(number)
            };
            deliveries.begin_replay(asked, at(NOW)).await
        };
        begin.boxed()
    });
    begun.await.unwrap();
}

async fn advance(world: &World, number: u128, from: i64, to: Option<i64>) -> bool {
    let advanced = world.write(move |uow| {
        let (from, to) = (EventPosition::new(from), to.map(EventPosition::new));
        let id = replay(number).id;
        async move { uow.webhook_deliveries().advance_replay(id, from, to).await }.boxed()
    });
    advanced.await.unwrap()
}

#[tokio::test]
async fn replays_are_worked_off_in_their_order_and_each_piece_once() {
    let world = World::with_webhooks(1).await;
    begin(&world, 1).await;
    begin(&world, 2).await;
    let queries = world.webhooks();

    let found = queries.find_unfinished_replay().await.unwrap().unwrap();
    let moved = [
        advance(&world, 1, 0, Some(7)).await,
        advance(&world, 1, 0, Some(7)).await,
        advance(&world, 1, 7, None).await,
        advance(&world, 1, 7, None).await,
    ];
    let next = queries.find_unfinished_replay().await.unwrap().unwrap();
    advance(&world, 2, 0, None).await;

    assert_eq!(found.id, replay(1).id);
    assert_eq!((found.since, found.until), (at(SINCE), at(NOW)));
    assert_eq!(found.to.event_types, webhook(1).facts().profile.event_types);
    assert_eq!(moved, [true, false, true, false]);
    assert_eq!(next.id, replay(2).id);
    assert_eq!(queries.find_unfinished_replay().await.unwrap(), None);
}

#[tokio::test]
async fn a_replay_that_cannot_be_read_is_not_in_the_way_of_the_others() {
    let world = World::with_webhooks(2).await;
    begin_for(&world, 1, 1).await;
    begin_for(&world, 1, 2).await;
    begin_for(&world, 2, 3).await;
    let spoil = "UPDATE webhooks SET event_types = '{no.type.at.all}' WHERE id::text LIKE '%1'";
    world.admin().await.run(spoil).await;
    let queries = world.webhooks();

    let found = queries.find_unfinished_replay().await.unwrap().unwrap();
    advance(&world, 3, 0, None).await;

    assert_eq!(found.id, replay(3).id);
    assert_eq!(queries.find_unfinished_replay().await.unwrap(), None);
}

#[tokio::test]
async fn replays_of_a_deleted_endpoint_are_over() {
    let world = World::with_webhooks(1).await;
    begin(&world, 1).await;
    let mut deleted = webhook(1);
    deleted.delete(at(NOW)).unwrap();

    world.update_webhook(&deleted).await;

    let unfinished = "webhook_replays WHERE finished_at IS NULL";
    assert_eq!(world.admin().await.count(unfinished).await, 0);
    assert!(!advance(&world, 1, 0, Some(7)).await);
}

#[tokio::test]
async fn replays_that_are_over_are_forgotten_by_age() {
    let world = World::with_webhooks(2).await;
    let lanes: Arc<dyn WebhookLanes> = world.lanes();
    begin(&world, 1).await;
    begin(&world, 2).await;
    begin_for(&world, 2, 3).await;
    advance(&world, 1, 0, None).await;
    let admin = world.admin().await;
    // As the releases did that left them unfinished.
    let deleted = "UPDATE webhooks SET deleted_at = now() WHERE id::text LIKE '%2'";
    admin.run(deleted).await;

    lanes.forget(at(NOW)).await.unwrap();
    let in_their_time = admin.count("webhook_replays").await;
    lanes
        .forget(at(NOW) + SignedDuration::from_secs(1))
        .await
        .unwrap();

    assert_eq!(in_their_time, 3);
    let left = "SELECT array_agg(right(id::text, 1)) FROM webhook_replays";
    assert_eq!(admin.value::<Vec<String>>(left).await, ["2"]);
}

#[tokio::test]
async fn what_was_delivered_is_delivered_again_and_what_was_not_too() {
    let world = World::with_webhooks(1).await;
    let sender = QueuedSender::reporting([]);
    let courier = world.courier(sender.clone());
    world.fan_out(&[event(1)]).await;
    courier.work_off().await.unwrap();
    let message = |number: u8| app::ports::WebhookMessage {
        event_id: event(number).event.id,
        organization_id: ORGANIZATION,
        event_type: "invoice.updated".to_owned(),
        body: event(number).event.to_json().unwrap(),
        deliveries: vec![app::ports::NewDelivery {
            id: domain::ids::WebhookDeliveryId::from_uuid(Uuid::from_u128(77 + u128::from(number))),
            webhook_id: webhook_id(1),
        }],
    };

    let again = world.write(move |uow| {
        let messages = [message(1), message(2)];
        let deliveries = uow.webhook_deliveries();
        async move { deliveries.enqueue_again(&messages, at(NOW)).await }.boxed()
    });
    again.await.unwrap();
    let states = world.states(1).await;
    courier.work_off().await.unwrap();

    assert_eq!(states, ["pending", "pending"]);
    let bodies: Vec<_> = sender.sent().into_iter().map(|it| it.body).collect();
    assert_eq!(bodies.len(), 3);
    assert_eq!(bodies.iter().filter(|it| **it == bodies[0]).count(), 2);
    assert_eq!(world.states(1).await, ["delivered", "delivered"]);
}
