//! Looking for what is new costs the same however much is there already.

use app::ports::EventSource;

use super::{GROUP, append, event, place_all, source};
use crate::support::{World, log_of, migrated_database};

const EXPLAINED: &str = "?options=-c%20session_preload_libraries%3Dauto_explain%20-c%20auto_explain.log_min_duration%3D0";

#[tokio::test]
async fn neither_placing_nor_reading_looks_at_what_is_done() {
    let url = migrated_database().await;
    let quiet = World::at(url.clone(), |_| {});
    append(&quiet.admin().await, 30_000).await;
    place_all(&quiet).await;
    quiet.admin().await.run("ANALYZE").await;
    let explained = World::at(format!("{url}{EXPLAINED}"), |_| {});
    let mut reader = source(&explained).subscribe(GROUP).await.unwrap();

    quiet.admin().await.run(&event(1, 1)).await;
    place_all(&explained).await;
    reader
        .receive(100, std::time::Duration::ZERO)
        .await
        .unwrap();

    let log = log_of(&url).await;
    assert!(log.contains("Query Text"), "{log}");
    let dear: Vec<_> = log
        .lines()
        .filter(|line| {
            line.contains("Seq Scan on outbox")
                || line.contains("Seq Scan on event_positions")
                // All events are one transaction's here: joined the wrong way round, each of them would be compared.
                || (line.contains("Join Filter") && line.contains("xact_id"))
        })
        .filter(|line| !line.contains("never executed"))
        .collect();
    assert!(dear.is_empty(), "{log}");
}
