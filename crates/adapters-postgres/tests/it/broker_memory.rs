//! What is known of a broker beside it.

use adapters_postgres::PgBrokerMemory;
use app::{
    events::EventPosition,
    ports::{BrokerMemory, GroupPlace},
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
    PgBrokerMemory::new(world.database.clone(), "redis")
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
