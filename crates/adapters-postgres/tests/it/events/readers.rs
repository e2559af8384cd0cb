//! Groups of readers: they share the work, take over from the dead, and are told again what they have not acknowledged.

use std::{collections::HashSet, time::Duration};

use app::{
    events::{EventPosition, LoggedEvent},
    ports::{BrokerError, EventSource, Subscription},
};
use futures_util::future::join;

use super::{GROUP, append, event, place_all, source, steps};
use crate::support::{World, wait_until};

const SHORT: Duration = Duration::from_millis(300);
const NO_WAIT: Duration = Duration::ZERO;

async fn placed(count: i64) -> World {
    let world = World::new().await;
    append(&world.admin().await, count).await;
    place_all(&world).await;
    world
}

async fn drain(reader: &mut dyn Subscription) -> Vec<LoggedEvent> {
    let mut all = Vec::new();
    loop {
        let events = reader.receive(100, NO_WAIT).await.unwrap();
        if events.is_empty() {
            return all;
        }
        reader.acknowledge().await.unwrap();
        all.extend(events);
    }
}

#[tokio::test]
async fn what_is_not_acknowledged_comes_again() {
    let world = placed(0).await;
    world
        .admin()
        .await
        .run(&(event(1, 1) + &event(2, 1) + &event(1, 2)))
        .await;
    place_all(&world).await;
    let mut reader = source(&world).subscribe(GROUP).await.unwrap();

    let first = reader.receive(2, NO_WAIT).await.unwrap();
    let again = reader.receive(2, NO_WAIT).await.unwrap();
    reader.acknowledge().await.unwrap();
    let next = reader.receive(2, NO_WAIT).await.unwrap();

    assert_eq!(steps(&first), [(1, 1), (2, 1)]);
    assert_eq!(again, first);
    assert_eq!(steps(&next), [(1, 2)]);
}

#[tokio::test]
async fn whoever_waits_is_given_what_comes() {
    let world = placed(0).await;
    let mut reader = source(&world).subscribe(GROUP).await.unwrap();

    let (received, ()) = tokio::join!(reader.receive(10, Duration::from_secs(10)), async {
        world.admin().await.run(&event(1, 1)).await;
        place_all(&world).await;
    });

    assert_eq!(steps(&received.unwrap()), [(1, 1)]);
}

#[tokio::test]
async fn two_members_share_the_work() {
    let world = placed(0).await;
    // Long enough for a busy machine: nobody is to be taken for dead here.
    let source = source(&world).with_lease(Duration::from_mins(1));
    let mut first = source.subscribe(GROUP).await.unwrap();
    let mut second = source.subscribe(GROUP).await.unwrap();
    let admin = world.admin().await;
    let shares =
        "ARRAY(SELECT count(*) FROM event_readers WHERE member IS NOT NULL GROUP BY member)";
    while admin.value::<Vec<i64>>(&format!("SELECT {shares}")).await != [8, 8] {
        let (one, other) = join(first.receive(1, SHORT), second.receive(1, SHORT)).await;
        one.and(other).unwrap();
    }

    append(&admin, 400).await;
    place_all(&world).await;
    let (one, other) = join(drain(first.as_mut()), drain(second.as_mut())).await;

    let ids: HashSet<_> = one.iter().chain(&other).map(|it| it.event.id).collect();
    assert_eq!((ids.len(), one.len() + other.len()), (400, 400));
    assert!(
        one.len() > 100 && other.len() > 100,
        "{} and {}",
        one.len(),
        other.len()
    );
}

#[tokio::test]
async fn the_work_of_one_that_is_gone_is_taken_over() {
    let world = placed(50).await;
    let source = source(&world).with_lease(SHORT);
    let mut dying = source.subscribe(GROUP).await.unwrap();
    let unfinished = dying.receive(20, NO_WAIT).await.unwrap();
    drop(dying);

    let mut heir = source.subscribe(GROUP).await.unwrap();
    let mut inherited = Vec::new();
    while inherited.len() < 50 {
        inherited.extend(heir.receive(100, Duration::from_secs(10)).await.unwrap());
        heir.acknowledge().await.unwrap();
    }

    assert_eq!(inherited[..20], unfinished);
    assert_eq!(inherited.len(), 50);
}

#[tokio::test]
async fn one_that_leaves_is_replaced_at_once() {
    let world = placed(50).await;
    let mut leaving = source(&world).subscribe(GROUP).await.unwrap();
    leaving.receive(20, NO_WAIT).await.unwrap();
    leaving.leave().await;

    let mut heir = source(&world).subscribe(GROUP).await.unwrap();
    let inherited = heir.receive(100, NO_WAIT).await.unwrap();

    assert_eq!(inherited.len(), 50);
}

#[tokio::test]
async fn one_that_was_taken_for_dead_cannot_acknowledge() {
    let world = placed(50).await;
    let impatient = source(&world).with_lease(SHORT);
    let mut sleeper = impatient.subscribe(GROUP).await.unwrap();
    sleeper.receive(20, NO_WAIT).await.unwrap();
    let free = "NOT EXISTS (SELECT FROM event_readers WHERE held_until >= now())";
    let admin = world.admin().await;
    wait_until("the lease is over", async || {
        admin.value(&format!("SELECT {free}")).await
    })
    .await;
    let mut heir = source(&world).subscribe(GROUP).await.unwrap();
    let inherited = heir.receive(100, NO_WAIT).await.unwrap();

    let acknowledged = sleeper.acknowledge().await;

    assert!(matches!(acknowledged, Err(BrokerError::TakenOver)));
    assert!(!inherited.is_empty());
    heir.acknowledge().await.unwrap();
}

#[tokio::test]
async fn another_group_begins_at_the_beginning() {
    let world = placed(5).await;
    let mut first = source(&world).subscribe(GROUP).await.unwrap();
    assert_eq!(drain(first.as_mut()).await.len(), 5);

    let other = app::ports::ConsumerGroup {
        name: "other",
        ..GROUP
    };
    let mut second = source(&world).subscribe(other).await.unwrap();

    assert_eq!(drain(second.as_mut()).await.len(), 5);
}

#[tokio::test]
async fn what_does_not_concern_a_group_is_passed_over_in_windows() {
    let world = placed(0).await;
    let admin = world.admin().await;
    append(&admin, 45_000).await;
    admin
        .run("UPDATE outbox SET aggregate_type = 'transfer'")
        .await;
    admin.run(&event(1, 1)).await;
    place_all(&world).await;
    let mut reader = source(&world).subscribe(GROUP).await.unwrap();

    let received = reader.receive(10, NO_WAIT).await.unwrap();

    assert_eq!(steps(&received), [(1, 1)]);
    assert_eq!(received[0].position.as_i64(), 45_001);
}

#[tokio::test]
async fn one_that_goes_back_is_given_everything_of_that_shard_again() {
    let world = placed(0).await;
    let events: String = (1..=20).map(|invoice| event(invoice, 1)).collect();
    world.admin().await.run(&events).await;
    place_all(&world).await;
    let mut reader = source(&world).subscribe(GROUP).await.unwrap();
    let all = drain(reader.as_mut()).await;
    assert_eq!(all.len(), 20);

    // Invoices 3 and 19 are in shard 3, at the places of their numbers.
    reader.rewind(3, EventPosition::new(3)).await.unwrap();
    let once = drain(reader.as_mut()).await;
    reader.rewind(3, EventPosition::START).await.unwrap();
    let twice = drain(reader.as_mut()).await;
    let mut other = source(&world).subscribe(GROUP).await.unwrap();
    other.rewind(3, EventPosition::START).await.unwrap();

    assert_eq!(steps(&once), [(19, 1)]);
    assert_eq!(steps(&twice), [(3, 1), (19, 1)]);
    assert_eq!(drain(reader.as_mut()).await, []);
}
