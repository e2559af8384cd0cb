//! Positions: none missed, none twice, and in an order in which versions ascend.

use app::{events::EventPosition, ports::AggregateKind};
use futures_util::future::{join, join_all};

use super::{append, event, place_all, read, sequencer, steps};
use crate::support::World;

#[tokio::test]
async fn a_late_commit_is_not_missed_and_nobody_waits_for_it() {
    let world = World::new().await;
    let (slow, quick) = join(world.admin(), world.admin()).await;
    slow.run(&format!("BEGIN; {}", event(1, 1))).await;
    quick.run(&event(2, 1)).await;

    place_all(&world).await;
    let before = read(&world, EventPosition::START).await;
    slow.run("COMMIT").await;
    place_all(&world).await;
    let after = read(&world, before.last().unwrap().position).await;

    assert_eq!(steps(&before), [(2, 1)]);
    assert_eq!(steps(&after), [(1, 1)]);
}

#[tokio::test]
async fn what_was_undone_is_passed_over() {
    let world = World::new().await;
    let (undone, kept) = join(world.admin(), world.admin()).await;
    undone.run(&format!("BEGIN; {}", event(1, 1))).await;
    kept.run(&event(2, 1)).await;
    place_all(&world).await;
    undone.run("ROLLBACK").await;
    kept.run(&event(2, 2)).await;

    place_all(&world).await;

    assert_eq!(
        steps(&read(&world, EventPosition::START).await),
        [(2, 1), (2, 2)]
    );
}

/// Whoever makes the second version may have begun first: its transaction has the lower number.
#[tokio::test]
async fn versions_ascend_whichever_transaction_began_first() {
    let world = World::new().await;
    let (first, second, other) = tokio::join!(world.admin(), world.admin(), world.admin());
    second.run("BEGIN; SELECT pg_current_xact_id()").await;
    first.run(&format!("BEGIN; {}", event(1, 1))).await;
    other.run(&format!("BEGIN; {}", event(3, 1))).await;
    first.run("COMMIT").await;
    second.run(&format!("{} COMMIT", event(1, 2))).await;

    place_all(&world).await;
    other.run("COMMIT").await;
    place_all(&world).await;

    let events = read(&world, EventPosition::START).await;
    assert_eq!(steps(&events), [(1, 1), (1, 2), (3, 1)]);
}

#[tokio::test]
async fn a_backlog_is_placed_in_pieces_of_one_look() {
    let world = World::new().await;
    let (admin, late) = join(world.admin(), world.admin()).await;
    late.run(&format!("BEGIN; {}", event(1, 1))).await;
    append(&admin, 250).await;

    let first = sequencer(&world).advance(100).await.unwrap();
    late.run("COMMIT").await;
    append(&admin, 3).await;
    let mut pieces = vec![first];
    while pieces.last().is_some_and(|it| it.has_more) {
        pieces.push(sequencer(&world).advance(100).await.unwrap());
    }
    pieces.push(sequencer(&world).advance(100).await.unwrap());

    let placed: Vec<_> = pieces.iter().map(|it| it.placed).collect();
    assert_eq!(placed, [100, 100, 50, 4, 0]);
    let events = read(&world, EventPosition::START).await;
    let positions: Vec<_> = events.iter().map(|it| it.position.as_i64()).collect();
    assert_eq!(positions, (1..=254).collect::<Vec<_>>());
    assert_eq!(steps(&events[250..251]), [(1, 1)]);
}

#[tokio::test]
async fn a_piece_that_ends_with_the_backlog_is_followed_by_what_is_new() {
    let world = World::new().await;
    let admin = world.admin().await;
    append(&admin, 100).await;
    let first = sequencer(&world).advance(100).await.unwrap();
    append(&admin, 1).await;

    place_all(&world).await;

    assert_eq!((first.placed, first.has_more), (100, true));
    assert_eq!(read(&world, EventPosition::START).await.len(), 101);
}

#[tokio::test]
async fn many_who_place_what_many_write_give_each_event_one_position() {
    let world = World::new().await;
    let writers = (1..=10).map(|writer| {
        let world = &world;
        async move {
            let admin = world.admin().await;
            for version in 1..=20 {
                let overlapping = format!(
                    "BEGIN; {} SELECT pg_sleep(0.001); COMMIT",
                    event(writer, version)
                );
                admin.run(&overlapping).await;
            }
        }
    });
    let sequencers = (0..4).map(|_| async {
        for _ in 0..20 {
            sequencer(&world).advance(37).await.unwrap();
        }
    });

    join(join_all(writers), join_all(sequencers)).await;
    place_all(&world).await;

    let events = read(&world, EventPosition::START).await;
    let positions: Vec<_> = events.iter().map(|it| it.position.as_i64()).collect();
    assert_eq!(positions, (1..=200).collect::<Vec<_>>());
    for writer in 1..=10 {
        let mine = steps(&events)
            .into_iter()
            .filter(|(invoice, _)| *invoice == writer);
        let versions: Vec<_> = mine.map(|(_, version)| version).collect();
        assert_eq!(versions, (1..=20).collect::<Vec<_>>(), "of {writer}");
    }
}

#[tokio::test]
async fn what_is_placed_is_counted_by_its_kind_also_beside_what_a_later_release_writes() {
    let world = World::new().await;
    let admin = world.admin().await;
    append(&admin, 3).await;
    admin
        .run(&event(1, 1).replace("'invoice',", "'parcel',"))
        .await;

    let advanced = sequencer(&world).advance(100).await.unwrap();

    let of_invoices: Vec<_> = advanced.by_kind.iter().collect();
    assert_eq!(advanced.placed, 4);
    assert_eq!(of_invoices.len(), 1, "{advanced:?}");
    assert_eq!(
        (of_invoices[0].kind, of_invoices[0].events),
        (AggregateKind::Invoice, 3)
    );
    assert!(of_invoices[0].bytes > 0);
}
