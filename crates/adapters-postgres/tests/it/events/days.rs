//! The days of the log.

use adapters_postgres::{ForgottenReader, PgEventPartitions, PgEventReaders, PgInboxRetention};
use app::ports::EventSource;
use jiff::{SignedDuration, Timestamp};

use super::{GROUP, append, event, list, place_all, read, source};
use crate::support::World;

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn partitions(world: &World) -> PgEventPartitions {
    PgEventPartitions::new(world.database.clone())
}

/// When the events of these tests happen.
async fn now(world: &World) -> Timestamp {
    world.admin().await.value("SELECT now()").await
}

#[tokio::test]
async fn coming_days_are_made_once() {
    let world = World::new().await;
    let today = now(&world).await;

    let now = partitions(&world).make_ahead(today).await.unwrap();
    let tomorrow = partitions(&world).make_ahead(today + DAY).await.unwrap();
    let again = partitions(&world).make_ahead(today + DAY).await.unwrap();

    assert_eq!((now, tomorrow, again), (0, 2, 0));
}

#[tokio::test]
async fn a_day_that_nobody_has_made_loses_nothing() {
    let world = World::new().await;
    let admin = world.admin().await;
    admin
        .run(&event(1, 1).replace("(now() AT TIME ZONE 'UTC')::date", "'2099-01-01'"))
        .await;

    place_all(&world).await;
    let made = partitions(&world)
        .make_ahead("2099-01-01T12:00:00Z".parse().unwrap())
        .await
        .unwrap();

    assert_eq!(
        read(&world, app::events::EventPosition::START).await.len(),
        1
    );
    assert_eq!(made, 14, "all but the day whose event is elsewhere already");
}

/// A database with an event of long ago that found no day of its own, three of a day that is forgotten, and two of today.
async fn after_a_long_rest(world: &World) -> Timestamp {
    let admin = world.admin().await;
    let today = now(world).await;
    for (number, days_ago) in [(1, 90), (2, 20), (3, 20), (4, 20), (5, 0), (6, 0)] {
        let day = today - DAY * days_ago;
        if days_ago == 20 {
            partitions(world).make_ahead(day).await.unwrap();
        }
        admin.run(&event_on(number, day)).await;
        place_all(world).await;
    }
    admin
        .run(&format!(
            "SELECT forget_event_partition('{}')",
            (today - DAY * 20).strftime("%F")
        ))
        .await;
    today
}

/// The first event of an invoice, on a day.
fn event_on(invoice: i64, day: Timestamp) -> String {
    event(invoice, 1).replace("now()", &format!("timestamptz '{day}'"))
}

#[tokio::test]
async fn what_is_asked_for_by_time_is_found_across_a_gap() {
    let world = World::new().await;
    let today = after_a_long_rest(&world).await;

    let up_to_now = list(&world, None, Some(today)).await;
    let since_yesterday = list(&world, Some(today - DAY), None).await;
    let before_the_gap = list(&world, None, Some(today - DAY * 40)).await;

    assert_eq!(up_to_now, [1, 5, 6]);
    assert_eq!(since_yesterday, [5, 6]);
    assert_eq!(before_the_gap, [1]);
}

#[tokio::test]
async fn events_without_a_day_of_their_own_are_forgotten_like_others() {
    let world = World::new().await;
    let today = after_a_long_rest(&world).await;
    let admin = world.admin().await;
    admin.run(&event_on(7, today - DAY * 90)).await;

    let too_early = partitions(&world).forget(today - DAY * 7).await.unwrap();
    place_all(&world).await;
    let forgotten = partitions(&world).forget(today - DAY * 7).await.unwrap();

    assert_eq!(too_early.kept.len(), 1);
    assert_eq!((forgotten.days.len(), forgotten.kept.len()), (1, 0));
    for table in ["outbox_other", "event_positions_other"] {
        assert_eq!(admin.count(table).await, 0, "{table}");
    }
    assert_eq!(list(&world, None, Some(today)).await, [5, 6]);
}

#[tokio::test]
async fn a_day_is_forgotten_when_everybody_has_read_it() {
    let world = World::new().await;
    append(&world.admin().await, 10).await;
    place_all(&world).await;
    let mut reader = source(&world).subscribe(GROUP).await.unwrap();
    reader.receive(5, std::time::Duration::ZERO).await.unwrap();
    reader.acknowledge().await.unwrap();
    let in_eight_days = now(&world).await + DAY * 8;

    let unread = partitions(&world).forget(in_eight_days).await.unwrap();
    reader.receive(10, std::time::Duration::ZERO).await.unwrap();
    reader.acknowledge().await.unwrap();
    let read_by_all = partitions(&world).forget(in_eight_days).await.unwrap();

    assert_eq!(unread.kept.len(), 1);
    assert_eq!((read_by_all.days.len(), read_by_all.kept.len()), (1, 0));
    assert_eq!(world.admin().await.count("outbox").await, 0);
}

#[tokio::test]
async fn a_day_with_events_that_have_no_position_is_kept() {
    let world = World::new().await;
    append(&world.admin().await, 10).await;

    let forgotten = partitions(&world)
        .forget(now(&world).await + DAY * 8)
        .await
        .unwrap();

    assert_eq!(forgotten.kept.len(), 1);
    assert_eq!(world.admin().await.count("outbox").await, 10);
}

#[tokio::test]
async fn a_day_is_not_kept_for_a_group_that_was_forgotten() {
    let world = World::new().await;
    append(&world.admin().await, 10).await;
    place_all(&world).await;
    let mut reader = source(&world).subscribe(GROUP).await.unwrap();
    reader.receive(5, std::time::Duration::ZERO).await.unwrap();
    let readers = PgEventReaders::new(world.database.clone());
    let in_eight_days = now(&world).await + DAY * 8;

    let at_work = readers.forget(GROUP.name).await.unwrap();
    let kept = partitions(&world).forget(in_eight_days).await.unwrap();
    reader.leave().await;
    let forgotten = readers.forget(GROUP.name).await.unwrap();
    let again = readers.forget(GROUP.name).await.unwrap();
    let dropped = partitions(&world).forget(in_eight_days).await.unwrap();

    assert_eq!(at_work, ForgottenReader::AtWork { members: 1 });
    assert_eq!(kept.kept.len(), 1);
    assert_eq!(forgotten, ForgottenReader::Forgotten);
    assert_eq!(again, ForgottenReader::Unknown);
    assert_eq!((dropped.days.len(), dropped.kept.len()), (1, 0));
}

#[tokio::test]
async fn a_group_that_comes_back_is_given_all_that_is_still_there() {
    let world = World::new().await;
    append(&world.admin().await, 10).await;
    place_all(&world).await;
    let readers = PgEventReaders::new(world.database.clone());
    for _ in 0..2 {
        let mut reader = source(&world).subscribe(GROUP).await.unwrap();

        let events = reader
            .receive(100, std::time::Duration::ZERO)
            .await
            .unwrap();
        reader.acknowledge().await.unwrap();
        reader.leave().await;
        readers.forget(GROUP.name).await.unwrap();

        assert_eq!(events.len(), 10);
    }
}

#[tokio::test]
async fn what_consumers_have_dealt_with_is_forgotten_by_age_in_batches() {
    let world = World::new().await;
    let (admin, today) = (world.admin().await, now(&world).await);
    for (consumer, days_ago) in [("old", 10), ("young", 8)] {
        let noted = format!(
            "INSERT INTO inbox (consumer, event_id, created_at)
             SELECT '{consumer}', gen_random_uuid(), timestamptz '{}' FROM generate_series(1, 5)",
            today - DAY * days_ago
        );
        admin.run(&noted).await;
    }
    let inbox = PgInboxRetention::new(world.database.clone());

    let mut forgotten = Vec::new();
    for _ in 0..3 {
        forgotten.push(inbox.forget(today - DAY * 9, 3).await.unwrap());
    }

    assert_eq!(forgotten, [3, 2, 0]);
    assert_eq!(admin.count("inbox").await, 5);
    assert_eq!(admin.count("inbox WHERE consumer = 'young'").await, 5);
}
