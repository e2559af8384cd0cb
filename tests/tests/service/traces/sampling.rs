//! Which traces are recorded, and what of those is left that are not.

use reqwest::Method;
use serde_json::Value;
use tests::{Collector, Database, Tenant, eventually};

use super::{TRACE, telling, traceparent};

/// The trace in the line that a request leaves in the log.
async fn logged_trace(service: &tests::Service, request_id: &str) -> Option<String> {
    let line = eventually("the line of the request", async || {
        let log = service.log();
        let mut lines = log
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        lines.find(|line| line["request_id"] == request_id && line["status"].is_number())
    })
    .await;
    line["trace_id"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn a_trace_that_is_not_recorded_has_its_id_in_the_log_all_the_same() {
    let (collector, database) = (Collector::start(), Database::fresh().await);
    let service = telling(&collector, &database).start().await;
    let client = Tenant::on(&database).await.at(&service);

    client
        .get("/customers")
        .header("X-Request-Id", "ours")
        .await;
    let unsampled = traceparent().replace("-01", "-00");
    let theirs = client.get("/customers").header("X-Request-Id", "theirs");
    theirs.header("traceparent", &unsampled).await;
    // The last one is recorded: what is not there when it is does not come any more.
    let recorded = client.get("/customers").header("X-Request-Id", "recorded");
    let other = traceparent().replace(TRACE, &TRACE.replace('4', "5"));
    recorded.header("traceparent", &other).await;

    let ours = logged_trace(&service, "ours").await;
    assert!(ours.is_some_and(|id| id.len() == 32 && id != TRACE));
    assert_eq!(
        logged_trace(&service, "theirs").await.as_deref(),
        Some(TRACE)
    );
    collector
        .trace(&TRACE.replace('4', "5"), &["GET /api/v1/customers"])
        .await;
    let requests = collector.spans();
    let requests = requests.iter().filter(|span| span.name.starts_with("GET"));
    assert_eq!(requests.count(), 1);
}

#[tokio::test]
async fn what_begins_here_is_recorded_as_often_as_the_settings_say() {
    let (collector, database) = (Collector::start(), Database::fresh().await);
    let setup = telling(&collector, &database).with("TELEMETRY__SAMPLING_RATIO", 1);
    let setup = setup.with("TELEMETRY__RESOURCE_ATTRIBUTES", "team=billing");
    let service = setup.start().await;
    let client = Tenant::on(&database).await.at(&service);

    client
        .get("/customers")
        .header("X-Request-Id", "ours")
        .await;

    let id = logged_trace(&service, "ours").await.unwrap();
    let spans = collector.trace(&id, &["GET /api/v1/customers"]).await;
    assert!(
        spans
            .iter()
            .any(|span| span.name.starts_with("SELECT customers")),
        "{spans:#?}"
    );
    assert!(
        spans.iter().all(|span| span.said.contains("billing")),
        "{spans:#?}"
    );
}

#[tokio::test]
async fn without_a_collector_the_context_of_a_client_is_passed_on() {
    let database = Database::fresh().await;
    let service = tests::Setup::on(&database).start().await;
    let client = Tenant::on(&database).await.at(&service);

    let created = client.post("/customers", &tests::customer());
    created
        .header("traceparent", &traceparent())
        .await
        .expect(201);

    let event = eventually("the event", async || {
        let events = client
            .get("/events?type=customer.created")
            .await
            .expect(200);
        events["data"][0]["traceparent"].as_str().map(str::to_owned)
    })
    .await;
    assert_eq!(event, traceparent());
}

#[tokio::test]
async fn a_stranger_cannot_have_a_trace_recorded() {
    let (collector, database) = (Collector::start(), Database::fresh().await);
    let service = telling(&collector, &database).start().await;
    let client = Tenant::on(&database).await.at(&service);

    let stranger = service.stranger();
    for path in ["/api/v1/customers", "/nothing", "/health"] {
        let asked = stranger.call(Method::GET, path);
        let asked = asked.header("X-Request-Id", "strange");
        asked.header("traceparent", &traceparent()).await;
    }
    // The last one is recorded: what is not there when it is does not come any more.
    let other = traceparent().replace(TRACE, &TRACE.replace('4', "5"));
    let recorded = client.get("/customers").header("traceparent", &other);
    recorded.await.expect(200);

    collector
        .trace(&TRACE.replace('4', "5"), &["GET /api/v1/customers"])
        .await;
    let spans = collector.spans();
    assert!(
        !spans.iter().any(|span| span.trace_id == TRACE),
        "{spans:#?}"
    );
    let named = logged_trace(&service, "strange").await;
    assert_eq!(named.as_deref(), Some(TRACE));
}
