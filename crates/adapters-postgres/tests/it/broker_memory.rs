//! What is known of a broker beside it.

use adapters_postgres::{ForgottenReader, PgBrokerMemory, PgEventReaders};
use app::{
    events::{EventPosition, SHARDS},
    ports::{BrokerMemory, GroupPlace, Stretch},
};

use crate::support::{Admin, World};

/// The log has the places 1 to 9 in shards 0, 1, 2, 0, 1, 2 …; the relay is done up to 5, and holds back the event at 4.
const LOG: &str = "
    INSERT INTO event_positions
    SELECT (json_populate_record(NULL::event_positions, json_build_object('position', n, 'day', '2026-11-01', 'xact_id', '1',
               'id', n, 'organization_id', gen_random_uuid(), 'aggregate_type', 'invoice', 'aggregate_id', gen_random_uuid(),
               'shard', (n - 1) % 3))).*
      FROM generate_series(1, 9) AS n;
    INSERT INTO event_readers (reader, shard, position) SELECT 'relay', n, 5 FROM generate_series(0, 2) AS n;
    INSERT INTO held_events (consumer, event_id, aggregate_id, sequence, position, shard, event, attempts, next_attempt_at)
    VALUES ('relay', gen_random_uuid(), gen_random_uuid(), 1, 4, 0, '{}', 1, now());";

fn place(group: &str, shard: i16, done: i64) -> GroupPlace {
    GroupPlace {
        group: group.to_owned(),
        shard,
        done: EventPosition::new(done),
    }
}

async fn memory() -> PgBrokerMemory {
    let world = World::new().await;
    Admin::connect(&world.url).await.run(LOG).await;
    memory_of(&world)
}

fn memory_of(world: &World) -> PgBrokerMemory {
    PgBrokerMemory::new(world.database.clone(), "redis")
}

#[tokio::test]
async fn nothing_is_done_with_that_a_group_wants_which_is_to_come() {
    let memory = memory().await;
    let begun = [place("validator", 0, 4)];
    memory.note_places(&begun).await.unwrap();

    memory
        .expect_groups(&["validator", "webhooks"])
        .await
        .unwrap();

    let mut bounds = memory
        .note_places(&[place("validator", 1, 9)])
        .await
        .unwrap();
    bounds.sort_unstable();
    assert_eq!(bounds.len(), usize::try_from(SHARDS).unwrap());
    assert!(
        bounds
            .iter()
            .all(|(_, bound)| *bound == EventPosition::START)
    );
    let come: Vec<_> = (0..SHARDS)
        .map(|shard| place("webhooks", shard, 9))
        .collect();
    let bounds = memory.note_places(&come).await.unwrap();
    assert!(bounds.contains(&(0, EventPosition::new(4))), "{bounds:?}");
}

/// A role that is never run is forgotten once, and not again after each start of a relay.
#[tokio::test]
async fn a_group_that_was_forgotten_is_not_expected_again_until_it_comes() {
    let world = World::new().await;
    let (memory, readers) = (
        memory_of(&world),
        PgEventReaders::new(world.database.clone()),
    );
    memory.expect_groups(&["validator"]).await.unwrap();

    let forgotten = readers.forget("redis/validator").await.unwrap();
    memory.expect_groups(&["validator"]).await.unwrap();
    let after_a_start = memory.note_places(&[]).await.unwrap();
    let come = [place("validator", 0, 4)];
    let bounds = memory.note_places(&come).await.unwrap();

    assert_eq!(forgotten, ForgottenReader::Forgotten);
    assert_eq!(after_a_start, []);
    assert_eq!(bounds, [(0, EventPosition::new(4))]);
}

#[tokio::test]
async fn a_stretch_is_quiet_in_which_nothing_was_published_and_nothing_is_to_be() {
    let world = World::new().await;
    let admin = Admin::connect(&world.url).await;
    admin.run(LOG).await;
    let memory = memory_of(&world);
    let stretch = |shard, after, through| Stretch {
        shard,
        after: EventPosition::new(after),
        through: EventPosition::new(through),
    };
    let stretches = [
        stretch(0, 1, 5),
        stretch(1, 2, 4),
        stretch(2, 2, 5),
        stretch(3, 0, 5),
    ];

    let while_held = memory.find_quiet(&stretches).await.unwrap();
    admin
        .run("UPDATE held_events SET next_attempt_at = 'infinity', dead_since = now()")
        .await;
    let when_dead = memory.find_quiet(&stretches).await.unwrap();

    assert_eq!(while_held, [1, 3]);
    assert_eq!(when_dead, [0, 1, 3]);
    let relayed = memory.relayed().await.unwrap();
    let at_five = EventPosition::new(5);
    assert_eq!(relayed, [(0, at_five), (1, at_five), (2, at_five)]);
}

#[tokio::test]
async fn what_was_published_last_is_what_the_relay_is_done_with_and_does_not_hold_back() {
    let memory = memory().await;

    let mut last = Vec::new();
    for shard in 0..4 {
        last.push(memory.last_published(shard).await.unwrap().as_i64());
    }

    assert_eq!(last, [1, 5, 3, 0]);
}

#[tokio::test]
async fn nothing_is_asked_for_again_that_all_groups_and_the_relay_are_done_with() {
    let memory = memory().await;
    assert_eq!(memory.note_places(&[]).await.unwrap(), []);

    let first = [place("validator", 0, 4), place("validator", 1, 9)];
    memory.note_places(&first).await.unwrap();
    let second = [place("validator", 0, 2), place("webhooks", 0, 3)];
    let mut bounds = memory.note_places(&second).await.unwrap();

    bounds.sort_unstable();
    let expected = [(0, EventPosition::new(3)), (1, EventPosition::new(5))];
    assert_eq!(bounds, expected);
    assert_eq!(memory.note_places(&[]).await.unwrap().len(), 2);
}
