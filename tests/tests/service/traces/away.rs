//! Collectors that are away, or that never answer; and the end of the process.

use std::time::{Duration, Instant};

use rustix::process::Signal;
use tests::{Collector, Database, Setup, Tenant};
use tokio::net::TcpListener;

use super::{TRACE, telling, traceparent};

/// How long requests and the end may take together: less than waiting for a collector once per request would.
const SOON: Duration = Duration::from_secs(20);
const REQUESTS: usize = 200;

async fn requests_are_answered_and_the_end_comes(endpoint: String) {
    let database = Database::fresh().await;
    let service = Setup::on(&database)
        .with("TELEMETRY__OTLP_ENDPOINT", endpoint)
        .with("TELEMETRY__SAMPLING_RATIO", 1)
        .start()
        .await;
    let client = Tenant::on(&database).await.at(&service);
    let begun = Instant::now();

    for _ in 0..REQUESTS {
        client.get("/customers").await.expect(200);
    }
    service.signal(Signal::TERM);
    let ended = service.ended().await;

    assert!(ended.success(), "{ended:?}");
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_collector_that_is_away_costs_no_request_and_keeps_nobody_from_ending() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap();
    drop(free);

    requests_are_answered_and_the_end_comes(format!("http://{address}")).await;
}

#[tokio::test]
async fn a_collector_that_never_answers_costs_no_request_and_keeps_nobody_from_ending() {
    // The system takes connections for it, and nobody ever reads from them.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap();

    requests_are_answered_and_the_end_comes(format!("http://{address}")).await;
}

#[tokio::test]
async fn what_was_recorded_leaves_before_the_process_ends() {
    let (collector, database) = (Collector::start(), Database::fresh().await);
    let service = telling(&collector, &database).start().await;
    let client = Tenant::on(&database).await.at(&service);

    let asked = client
        .get("/customers")
        .header("traceparent", &traceparent());
    asked.await.expect(200);
    service.signal(Signal::TERM);
    assert!(service.ended().await.success());

    let spans = collector.spans();
    let is_it = |span: &&tests::Collected| span.trace_id == TRACE && span.name.starts_with("GET");
    assert_eq!(spans.iter().filter(is_it).count(), 1, "{spans:#?}");
}
