//! Lanes: in one pair of hands at a time, and never forgotten.

use std::sync::Arc;

use app::{
    ports::{ClaimTerms, ClaimedLane, SettledDelivery, Settlement, WebhookLanes},
    testing::QueuedSender,
};
use domain::webhooks::{
    Attempt, AttemptOutcome, Jitter, SealedSecret, Webhook, WebhookDescription,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::support::{event, webhook, webhook_id};
use crate::support::{World, at};

const NOW: &str = "2026-11-20T12:00:00Z";

fn terms(holder: u128, now: Timestamp) -> ClaimTerms {
    ClaimTerms {
        holder: Uuid::from_u128(holder),
        now,
        until: now + SignedDuration::from_secs(45),
        well: 10,
        ailing: 10,
        parcels: 3,
    }
}

/// What comes of a lane whose parcels all get this answer.
fn settlement(lane: &ClaimedLane, status: u16, now: Timestamp) -> Settlement {
    let deliveries = lane.parcels.iter().map(|parcel| {
        let mut delivery = parcel.delivery.clone();
        let attempt = Attempt {
            at: now,
            took_ms: 1,
            outcome: AttemptOutcome::Answered(status),
        };
        delivery.note(attempt, Jitter::NONE);
        SettledDelivery {
            delivery,
            attempts_before: parcel.delivery.facts().attempts,
        }
    });
    Settlement {
        lane: lane.lane,
        url: lane.target.url.clone(),
        deliveries: deliveries.collect(),
        failing_since: (status != 200).then_some(now),
        now,
    }
}

#[tokio::test]
async fn a_lane_is_in_one_pair_of_hands_until_its_holder_lets_go_or_dies() {
    let world = World::with_webhooks(1).await;
    let lanes: Arc<dyn WebhookLanes> = world.lanes();
    let now = at(NOW);
    world.fan_out(&[event(1)]).await;

    let mine = lanes.claim(terms(1, now)).await.unwrap();
    let theirs = lanes.claim(terms(2, now)).await.unwrap();
    let later = now + SignedDuration::from_secs(45);
    let after_my_death = lanes.claim(terms(2, later)).await.unwrap();
    let mine_settled = lanes.settle(&settlement(&mine[0], 503, now)).await;

    assert_eq!(mine.len(), 1);
    assert!(theirs.is_empty());
    assert_eq!(after_my_death[0].parcels, mine[0].parcels);
    assert!(!mine_settled.unwrap(), "the lane is another one's now");
    let held = lanes.claim(terms(3, later)).await.unwrap();
    assert!(held.is_empty(), "who has died lets go of nothing");
}

#[tokio::test]
async fn what_arrives_while_a_lane_is_held_is_not_forgotten() {
    let world = World::with_webhooks(1).await;
    let lanes: Arc<dyn WebhookLanes> = world.lanes();
    let now = at(NOW);
    world.fan_out(&[event(1)]).await;
    let held = lanes.claim(terms(1, now)).await.unwrap();

    world.fan_out(&[event(2)]).await;
    let has_more = lanes.settle(&settlement(&held[0], 200, now)).await.unwrap();

    assert!(has_more);
    let next = lanes.claim(terms(2, now)).await.unwrap();
    assert_eq!(next[0].parcels.len(), 1);
    assert!(!lanes.settle(&settlement(&next[0], 200, now)).await.unwrap());
    assert!(lanes.claim(terms(2, now)).await.unwrap().is_empty());
}

#[tokio::test]
async fn so_many_parcels_come_at_a_time_and_the_first_first() {
    let world = World::with_webhooks(1).await;
    let lanes: Arc<dyn WebhookLanes> = world.lanes();
    for number in 1..=5 {
        world.fan_out(&[event(number)]).await;
        world.clock.advance(SignedDuration::from_millis(1));
    }
    let now = at(NOW) + SignedDuration::from_secs(1);

    let held = lanes.claim(terms(1, now)).await.unwrap();
    let has_more = lanes.settle(&settlement(&held[0], 200, now)).await.unwrap();
    let rest = lanes.claim(terms(1, now)).await.unwrap();

    let events = |lane: &ClaimedLane| -> Vec<_> {
        let parcels = lane.parcels.iter();
        parcels.map(|it| it.delivery.facts().event_id).collect()
    };
    let expected = |range: std::ops::RangeInclusive<u8>| -> Vec<_> {
        range.map(|it| event(it).event.id).collect()
    };
    assert!(has_more);
    assert_eq!(events(&held[0]), expected(1..=3));
    assert_eq!(events(&rest[0]), expected(4..=5));
}

#[tokio::test]
async fn a_delivery_that_was_begun_anew_while_it_was_sent_is_sent_again() {
    let world = World::with_webhooks(1).await;
    let lanes: Arc<dyn WebhookLanes> = world.lanes();
    let now = at(NOW);
    world.fan_out(&[event(1)]).await;
    let first = lanes.claim(terms(1, now)).await.unwrap();
    lanes
        .settle(&settlement(&first[0], 503, now))
        .await
        .unwrap();
    // Pauses begin when the attempt before has ended.
    let now = now + SignedDuration::from_secs(6);
    let second = lanes.claim(terms(1, now)).await.unwrap();
    let mut delivery = second[0].parcels[0].delivery.clone();

    delivery.begin_anew(now);
    let anew = delivery.clone();
    world
        .write(move |uow| {
            let anew = anew.clone();
            Box::pin(async move { uow.webhook_deliveries().update(&anew).await })
        })
        .await
        .unwrap();
    let has_more = lanes.settle(&settlement(&second[0], 200, now)).await;

    assert!(has_more.unwrap());
    let again = lanes.claim(terms(1, now)).await.unwrap();
    assert_eq!(again[0].parcels[0].delivery, delivery);
}

#[tokio::test]
async fn endpoints_that_failed_are_claimed_for_themselves() {
    let world = World::with_webhooks(4).await;
    let lanes: Arc<dyn WebhookLanes> = world.lanes();
    let now = at(NOW);
    world.fan_out(&[event(1)]).await;
    for lane in lanes.claim(terms(1, now)).await.unwrap() {
        let is_dead = lane.lane.webhook_id.as_uuid().as_u128() <= 2;
        let status = if is_dead { 503 } else { 200 };
        lanes.settle(&settlement(&lane, status, now)).await.unwrap();
    }
    world.fan_out(&[event(2)]).await;
    let claim = async |well, ailing| {
        let terms = ClaimTerms {
            well,
            ailing,
            ..terms(1, now)
        };
        let lanes = lanes.claim(terms).await.unwrap();
        let mut ids: Vec<_> = lanes.iter().map(|it| it.lane.webhook_id).collect();
        ids.sort_unstable();
        ids
    };

    let well = claim(10, 0).await;
    let ailing = claim(0, 10).await;

    assert_eq!(well, [webhook_id(3), webhook_id(4)]);
    assert_eq!(ailing, [webhook_id(1), webhook_id(2)]);
}

#[tokio::test]
async fn nothing_is_sent_to_a_disabled_endpoint_until_it_is_enabled() {
    let world = World::with_webhooks(1).await;
    let sender = QueuedSender::reporting([]);
    let courier = world.courier(sender.clone());
    world.fan_out(&[event(1)]).await;

    world.set_enabled(1, false).await;
    world.fan_out(&[event(2)]).await;
    let while_disabled = courier.work_off().await.unwrap();
    let due = "webhook_lanes WHERE due_at IS NOT NULL OR holder IS NOT NULL";
    let parked = world.admin().await.count(due).await;
    world.set_enabled(1, true).await;
    courier.work_off().await.unwrap();

    assert_eq!((while_disabled, parked), (0, 0));
    assert_eq!(sender.sent().len(), 1);
    assert_eq!(world.states(1).await, ["delivered"]);
}

#[tokio::test]
async fn nothing_is_sent_to_a_deleted_endpoint() {
    let world = World::with_webhooks(1).await;
    let sender = QueuedSender::reporting([]);
    world.fan_out(&[event(1)]).await;
    let mut deleted = webhook(1);
    deleted.delete(at(NOW)).unwrap();

    world.update_webhook(&deleted).await;
    world.courier(sender.clone()).work_off().await.unwrap();

    assert_eq!(sender.sent().len(), 0);
    assert_eq!(world.admin().await.count("webhook_lanes").await, 0);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_not_in_the_way_of_the_others() {
    let world = World::with_webhooks(3).await;
    let sender = QueuedSender::reporting([]);
    world.fan_out(&[event(1)]).await;
    let spoil = "UPDATE webhooks SET url = 'no url' WHERE id::text LIKE '%1';
                 UPDATE webhook_deliveries SET state = 'pending', attempts = -1 WHERE webhook_id::text LIKE '%2'";
    world.admin().await.run(spoil).await;

    world.courier(sender.clone()).work_off().await.unwrap();
    let spoil = "UPDATE webhooks SET event_types = '{no.type.at.all}' WHERE id::text LIKE '%1'";
    world.admin().await.run(spoil).await;
    world.fan_out(&[event(2)]).await;
    world.courier(sender.clone()).work_off().await.unwrap();

    assert_eq!(sender.sent().len(), 3);
    assert_eq!(world.states(3).await, ["delivered", "delivered"]);
}

/// Since when the endpoint is known to fail, after something was done to it.
async fn failing_since_after(change: impl FnOnce(&mut Webhook)) -> Option<Timestamp> {
    let world = World::with_webhooks(1).await;
    let lanes: Arc<dyn WebhookLanes> = world.lanes();
    let now = at(NOW);
    world.fan_out(&[event(1)]).await;
    let held = lanes.claim(terms(1, now)).await.unwrap();
    lanes.settle(&settlement(&held[0], 503, now)).await.unwrap();

    let mut changed = webhook(1);
    change(&mut changed);
    world.update_webhook(&changed).await;

    let since = "SELECT failing_since FROM webhook_lanes";
    world.admin().await.value(since).await
}

#[tokio::test]
async fn no_change_makes_up_for_failures_but_a_new_beginning() {
    let (now, later) = (at(NOW), at("2026-11-22T12:00:00Z"));
    let described = |webhook: &mut Webhook| {
        let mut profile = webhook.facts().profile.clone();
        profile.description = Some(WebhookDescription::parse("ours").unwrap());
        webhook.revise(profile, true, later).unwrap();
    };
    let rotated = |webhook: &mut Webhook| {
        webhook
            .rotate_secret(SealedSecret(vec![2; 40]), later)
            .unwrap();
    };
    let enabled_again = |webhook: &mut Webhook| {
        let profile = webhook.facts().profile.clone();
        webhook.revise(profile.clone(), false, later).unwrap();
        webhook.revise(profile, true, later).unwrap();
    };

    assert_eq!(failing_since_after(described).await, Some(now));
    assert_eq!(failing_since_after(rotated).await, Some(now));
    assert_eq!(failing_since_after(enabled_again).await, None);
}
