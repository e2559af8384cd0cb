//! Events of kinds that only a later release knows, while a deployment is brought to it.

use std::{collections::BTreeSet, time::Duration};

use adapters_postgres::PgHeldEvents;
use app::{
    events::EventPosition,
    ports::{AggregateKind, ConsumerGroup, EventSource, HeldEvents, Subscription, UseFor},
};
use futures_util::future::join;
use rstest::rstest;

use super::{GROUP, event, place_all, read, source, steps};
use crate::support::{World, at};

const SHORT: Duration = Duration::from_millis(300);
const NO_WAIT: Duration = Duration::ZERO;

const ALL: ConsumerGroup = ConsumerGroup {
    name: "all",
    kinds: &AggregateKind::ALL,
    use_for: UseFor::All,
};

/// What [`event`] makes, of a kind that nobody knows.
fn later(number: i64, version: i64) -> String {
    event(number, version).replace("'invoice'", "'later_kind'")
}

/// The release that knows it is there.
const KNOWN: &str = "UPDATE outbox SET aggregate_type = 'invoice';
                     UPDATE event_positions SET aggregate_type = 'invoice'";

/// One in shard 1, one of a later kind in shard 1, one more in shard 1, and one in shard 2.
async fn mixed() -> World {
    let world = World::new().await;
    let events = event(1, 1) + &later(17, 1) + &event(1, 2) + &event(2, 1);
    world.admin().await.run(&events).await;
    place_all(&world).await;
    world
}

async fn step(reader: &mut dyn Subscription) -> Vec<(u128, i64)> {
    let received = reader.receive(100, NO_WAIT).await.unwrap();
    reader.acknowledge().await.unwrap();
    steps(&received)
}

#[tokio::test]
async fn who_wants_everything_stops_before_what_it_does_not_know_and_leaves_the_shard() {
    let world = mixed().await;
    let admin = world.admin().await;
    let mut reader = source(&world).subscribe(ALL).await.unwrap();

    let before = step(reader.as_mut()).await;
    let behind = step(reader.as_mut()).await;
    admin.run(&(event(1, 3) + &event(2, 2))).await;
    place_all(&world).await;
    let of_others = step(reader.as_mut()).await;

    assert_eq!(before, [(1, 1), (2, 1)]);
    assert_eq!(behind, []);
    assert_eq!(of_others, [(2, 2)]);
    let left =
        "SELECT position FROM event_readers WHERE reader = 'all' AND shard = 1 AND member IS NULL";
    assert_eq!(admin.value::<i64>(left).await, 1);
}

#[tokio::test]
async fn what_was_left_is_read_by_a_member_that_knows_it_in_its_order() {
    let world = mixed().await;
    let mut former = source(&world).subscribe(ALL).await.unwrap();
    let mut seen = step(former.as_mut()).await;
    seen.extend(step(former.as_mut()).await);

    world.admin().await.run(KNOWN).await;
    let mut newer = source(&world).subscribe(ALL).await.unwrap();
    let of_newer = step(newer.as_mut()).await;

    assert_eq!(seen, [(1, 1), (2, 1)]);
    assert_eq!(of_newer, [(17, 1), (1, 2)]);
}

/// It has its share already, and takes what nobody else wants all the same.
#[tokio::test]
async fn a_member_that_knows_it_takes_shards_beside_its_share() {
    let world = World::new().await;
    let admin = world.admin().await;
    let source = source(&world).with_lease(Duration::from_secs(1));
    let mut former = source.subscribe(ALL).await.unwrap();
    let mut newer = source.subscribe(ALL).await.unwrap();
    let shares =
        "ARRAY(SELECT count(*) FROM event_readers WHERE member IS NOT NULL GROUP BY member)";
    while admin.value::<Vec<i64>>(&format!("SELECT {shares}")).await != [8, 8] {
        let (one, other) = join(former.receive(1, NO_WAIT), newer.receive(1, NO_WAIT)).await;
        one.and(other).unwrap();
    }
    let events: String = (1..=16).map(|number| later(number, 1)).collect();
    admin.run(&events).await;
    place_all(&world).await;
    let held = "SELECT count(*) FROM event_readers WHERE member IS NOT NULL";
    while admin.value::<i64>(held).await > 8 {
        assert_eq!(step(former.as_mut()).await, []);
    }
    admin.run(KNOWN).await;

    let mut seen = BTreeSet::new();
    while seen.len() < 16 {
        let (nothing, some) = join(former.receive(1, SHORT), newer.receive(100, SHORT)).await;
        assert_eq!(nothing.unwrap(), []);
        if newer.acknowledge().await.is_ok() {
            seen.extend(steps(&some.unwrap()));
        }
    }
}

#[rstest]
#[case::of_another_kind(GROUP, &[(1, 1), (1, 2), (2, 1)])]
#[case::of_nobody_who_listens(ConsumerGroup { use_for: UseFor::OrganizationsThatListen, ..ALL }, &[])]
#[tokio::test]
async fn what_is_of_no_interest_is_passed_over_whatever_it_is(
    #[case] group: ConsumerGroup,
    #[case] expected: &[(u128, i64)],
) {
    let world = mixed().await;
    let mut reader = source(&world).subscribe(group).await.unwrap();

    let received = step(reader.as_mut()).await;
    reader.leave().await;

    assert_eq!(received, expected);
}

#[tokio::test]
async fn a_feed_tells_events_of_kinds_that_it_does_not_know() {
    let world = mixed().await;

    let events = read(&world, EventPosition::START).await;

    assert_eq!(steps(&events), [(1, 1), (17, 1), (1, 2), (2, 1)]);
    assert_eq!(events[1].event.kind.code(), "later_kind");
    assert!(events[1].event.to_json().unwrap().contains("/later_kind"));
}

#[tokio::test]
async fn what_is_held_of_a_kind_that_nobody_knows_is_left_to_who_does() {
    let world = mixed().await;
    let events = read(&world, EventPosition::START).await;
    let held = PgHeldEvents::new(world.database.clone());
    let now = at("2026-11-20T12:00:00Z");
    let refused = [
        (events[0].clone(), Some("no".to_owned())),
        (events[1].clone(), Some("no".to_owned())),
    ];
    held.hold("all", &refused, now).await.unwrap();

    let due = held.claim_due("all", now, now).await.unwrap();

    let due: Vec<_> = due.into_iter().map(|it| it.event).collect();
    assert_eq!(due, events[..1]);
    assert_eq!(world.admin().await.count("held_events").await, 2);
}
