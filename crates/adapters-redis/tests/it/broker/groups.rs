//! What streams keep for groups, and groups that are gone.

use std::collections::HashSet;

use app::{
    events::{EventPosition, LoggedEvent, SHARDS},
    ports::{AggregateKind, ConsumerGroup, EventSink, EventSource},
    testing::{contracts::BrokerUnderTest, logged_event},
};

use super::{GROUP, Stage, WAIT, events, eventually};

/// More places apart than are kept for nobody.
const FAR: i64 = 2_000_000;

/// Two events of one invoice, with so much between them that nobody keeps both for groups that may come.
fn far_apart() -> Vec<LoggedEvent> {
    vec![logged_event(1, 3, 1), logged_event(FAR, 3, 2)]
}

#[tokio::test]
async fn a_shard_that_nobody_reads_keeps_the_last_million_places() {
    let stage = Stage::new();

    stage.publish(&far_apart()).await;

    eventually("the first is removed", async || stage.entries().await == 1).await;
    let mut late = stage.broker.subscribe(GROUP).await.unwrap();
    assert_eq!(stage.read(late.as_mut(), 1).await, far_apart()[1..]);
}

#[tokio::test]
async fn what_a_group_has_not_read_is_kept_however_much_it_is() {
    let stage = Stage::new();
    let mut member = stage.broker.subscribe(GROUP).await.unwrap();
    let nothing = member.receive(1, WAIT).await.unwrap();
    assert_eq!(nothing, []);
    stage.publish(&far_apart()).await;

    // The first is acknowledged, and the second is received by somebody who then stops.
    for event in far_apart() {
        let received = member.receive(1, WAIT * 20).await.unwrap();
        assert_eq!(received, std::slice::from_ref(&event));
        if event == far_apart()[0] {
            member.acknowledge().await.unwrap();
        }
    }

    eventually("what is done is removed", async || {
        stage.entries().await == 1
    })
    .await;
    let again = stage.read(member.as_mut(), 1).await;
    assert_eq!(again, far_apart()[1..]);
}

#[tokio::test]
async fn groups_that_are_destroyed_are_made_again_and_miss_nothing() {
    let stage = Stage::new();
    let mut member = stage.broker.subscribe(GROUP).await.unwrap();
    let all = events(32);
    stage.publish(&all[..48]).await;
    let unfinished = member.receive(10, WAIT * 20).await.unwrap();

    for shard in 0..16 {
        let stream = format!("tallystick:events:{{{shard}}}:invoice");
        let destroyed: i64 = stage.ask(&["XGROUP", "DESTROY", &stream, GROUP.name]).await;
        assert_eq!(destroyed, 1, "{stream}");
    }
    stage.publish(&all[48..]).await;

    assert!(!unfinished.is_empty());
    let mut seen = HashSet::new();
    eventually("everything has come", async || {
        let some = member.receive(100, WAIT).await.unwrap_or_default();
        if member.acknowledge().await.is_ok() {
            seen.extend(some.into_iter().map(|it| it.event.id));
        }
        all.iter().all(|it| seen.contains(&it.event.id))
    })
    .await;
}

/// Waits until a group is known to be done with all shards up to a place.
async fn until_it_is_known(stage: &Stage, group: &str, place: i64) {
    let place = Some(EventPosition::new(place));
    eventually("it is known that the group is done", async || {
        stage.log.relay_to(stage.publisher.clone()).await;
        (0..SHARDS).all(|shard| stage.log.place_of(group, shard) == place)
    })
    .await;
}

/// A role that is started for the first time, after others have read.
#[tokio::test]
async fn what_is_published_is_kept_for_a_group_that_is_to_come() {
    const LATE: ConsumerGroup = ConsumerGroup {
        name: "late",
        ..GROUP
    };
    let stage = Stage::expecting(&[GROUP, LATE]);
    let mut member = stage.broker.subscribe(GROUP).await.unwrap();
    stage.publish(&events(50)).await;
    stage.read(member.as_mut(), 100).await;
    until_it_is_known(&stage, GROUP.name, 100).await;

    let kept = stage.entries().await;
    let mut late = stage.broker.subscribe(LATE).await.unwrap();
    let read = stage.read(late.as_mut(), 100).await;

    assert_eq!((kept, read.len()), (100, 100));
    eventually("all are removed", async || stage.entries().await == 0).await;
}

/// Two releases at once: the members of the one before do not know a kind that the publisher knows.
#[tokio::test]
async fn what_is_published_is_kept_until_somebody_comes_who_knows_its_kind() {
    const BOTH: ConsumerGroup = ConsumerGroup {
        kinds: &[AggregateKind::Invoice, AggregateKind::Account],
        ..GROUP
    };
    let stage = Stage::expecting(&[BOTH]);
    let mut all = events(4);
    for position in 9..=16 {
        let number = u8::try_from(position % 4).unwrap();
        let mut of_account = logged_event(position, number, 1 + (position - 9) / 4);
        of_account.event.kind = AggregateKind::Account.into();
        all.push(of_account);
    }
    let mut former = stage.broker.subscribe(GROUP).await.unwrap();
    stage.publish(&all).await;
    stage.read(former.as_mut(), 8).await;
    // Of shards in which there is nothing of that kind, it is known that all is done.
    eventually("what was read is removed", async || {
        let known = stage.log.place_of(GROUP.name, 15) == Some(EventPosition::new(16));
        known && stage.entries().await <= 8
    })
    .await;

    former.leave().await;
    let mut member = stage.broker.subscribe(BOTH).await.unwrap();
    let read = stage.read(member.as_mut(), 8).await;

    assert!(all[8..].iter().all(|it| read.contains(it)), "{read:?}");
}

/// Else a shard in which little happens would seem to be further behind with every event of the others.
#[tokio::test]
async fn who_has_read_all_is_where_the_log_is_in_shards_without_events_too() {
    let stage = Stage::new();
    let mut member = stage.broker.subscribe(GROUP).await.unwrap();
    stage
        .publish(&[logged_event(1, 1, 1), logged_event(2, 2, 1)])
        .await;
    stage.read(member.as_mut(), 2).await;
    until_it_is_known(&stage, GROUP.name, 2).await;

    stage.publish(&[logged_event(900, 2, 2)]).await;
    let unread = stage.entries().await;
    stage.read(member.as_mut(), 1).await;

    until_it_is_known(&stage, GROUP.name, 900).await;
    assert!(unread >= 1);
    eventually("all are removed", async || stage.entries().await == 0).await;
}

/// What had been published behind the last event that it has again is missing, however quiet the shard seems to be.
#[tokio::test]
async fn a_shard_that_was_emptied_is_not_taken_for_a_quiet_one() {
    let stage = Stage::new();
    let mut member = stage.broker.subscribe(GROUP).await.unwrap();
    let all = events(32);
    stage.publish(&all[..32]).await;
    stage.read(member.as_mut(), 32).await;
    until_it_is_known(&stage, GROUP.name, 32).await;
    stage.publish(&all[32..]).await;

    stage.ask::<()>(&["FLUSHALL"]).await;

    let read = stage.read(member.as_mut(), 32).await;
    assert!(all[32..].iter().all(|it| read.contains(it)));
}

/// On one connection, what is published would wait until whoever waits for it has given up.
#[tokio::test]
async fn whoever_waits_for_events_keeps_nobody_from_publishing_them() {
    let stage = Stage::new();
    let mut member = stage.broker.subscribe(GROUP).await.unwrap();

    let publishing = async {
        eventually("the member waits", async || {
            let clients: String = stage.ask(&["CLIENT", "LIST"]).await;
            clients
                .lines()
                .any(|it| it.contains("flags=b") && it.contains("cmd=xreadgroup"))
        })
        .await;
        stage.publisher.deliver(&events(1)[..1]).await.unwrap();
    };
    let (received, ()) = tokio::join!(member.receive(10, WAIT * 9), publishing);

    assert_eq!(received.unwrap(), events(1)[..1]);
}
