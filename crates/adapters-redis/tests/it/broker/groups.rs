//! What streams keep for groups, and groups that are gone.

use std::collections::HashSet;

use app::{
    events::LoggedEvent,
    ports::{EventSink, EventSource},
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
