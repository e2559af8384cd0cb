//! What is told of how far everything is.

use std::time::Duration;

use adapters_postgres::{PgEventReaders, PgOutboxStatus};
use app::ports::EventSource;

use super::{GROUP, append, event, place_all, source};
use crate::support::World;

/// The same database, as a role of it.
fn seen_by(world: &World, role: &str) -> PgOutboxStatus {
    let url = format!("{}?options=-c%20role%3D{role}", world.url);
    PgOutboxStatus::new(World::at(url, |_| {}).database)
}

#[tokio::test]
async fn transactions_of_other_roles_are_seen_by_who_may_see_them() {
    let world = World::new().await;
    world
        .admin()
        .await
        .run(
            "CREATE ROLE watcher; CREATE ROLE blind_watcher; GRANT pg_read_all_stats TO watcher;
             GRANT SELECT ON ALL TABLES IN SCHEMA public TO watcher, blind_watcher",
        )
        .await;
    let (watcher, blind) = (seen_by(&world, "watcher"), seen_by(&world, "blind_watcher"));
    let foreign = world.admin().await;
    foreign.run(&format!("BEGIN; {}", event(1, 1))).await;

    let seen = watcher.look().await.unwrap();
    let unseen = blind.look().await.unwrap();

    assert!(seen.oldest_transaction > Duration::ZERO, "{seen:?}");
    assert_eq!(unseen.oldest_transaction, Duration::ZERO);
    assert!(watcher.sees_other_roles().await.unwrap());
    assert!(!blind.sees_other_roles().await.unwrap());
    foreign.run("ROLLBACK").await;
}

#[tokio::test]
async fn a_prepared_transaction_is_one_that_is_open() {
    let world = World::new().await;
    let admin = world.admin().await;
    let status = PgOutboxStatus::new(world.database.clone());
    let prepared = format!("BEGIN; {} PREPARE TRANSACTION 'forgotten'", event(1, 1));
    admin.run(&prepared).await;

    let while_prepared = status.look().await.unwrap();
    admin.run("ROLLBACK PREPARED 'forgotten'").await;
    let after = status.look().await.unwrap();

    assert!(while_prepared.lag() > Duration::ZERO, "{while_prepared:?}");
    assert_eq!(after.oldest_transaction, Duration::ZERO);
}

#[tokio::test]
async fn a_reader_that_was_forgotten_is_none() {
    let world = World::new().await;
    append(&world.admin().await, 10).await;
    place_all(&world).await;
    let mut reader = source(&world).subscribe(GROUP).await.unwrap();
    reader.leave().await;
    let status = PgOutboxStatus::new(world.database.clone());
    let before = status.look().await.unwrap();

    let readers = PgEventReaders::new(world.database.clone());
    readers.forget(GROUP.name).await.unwrap();

    assert_eq!(before.readers.len(), 1);
    assert!(before.lag() > Duration::ZERO);
    assert_eq!(status.look().await.unwrap().readers, []);
}
