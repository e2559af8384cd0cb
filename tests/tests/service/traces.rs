//! Traces, as whoever collects them gets them: one for everything that a request has brought about, in whichever process.

mod away;
mod gifts;
mod grpc;
mod sampling;

use reqwest::Method;
use serde_json::json;
use tests::{
    Client, Collected, Collector, Database, Manner, Receiver, Redis, Service, Setup, Sink, Tenant,
    eventually, invoice,
};

/// A trace that a client has begun and records, and its span there.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CLIENT_SPAN: &str = "00f067aa0ba902b7";

fn traceparent() -> String {
    format!("00-{TRACE}-{CLIENT_SPAN}-01")
}

/// Records what clients record, and nothing else.
fn telling(collector: &Collector, database: &Database) -> Setup {
    Setup::on(database)
        .with("TELEMETRY__OTLP_ENDPOINT", collector.url())
        .with("TELEMETRY__SAMPLING_RATIO", 0)
        .reaching_home()
}

/// Each of these roles in a process of its own; traces call them by their roles.
async fn processes(setup: &Setup, roles: &[&'static str]) -> Vec<Service> {
    let mut services = Vec::new();
    for role in roles {
        let setup = setup.clone().with("TELEMETRY__SERVICE_NAME", role);
        services.push(setup.in_role(role).start().await);
    }
    services
}

/// The only span of a name.
fn only<'s>(spans: &'s [Collected], name: &str) -> &'s Collected {
    let found: Vec<_> = spans.iter().filter(|span| span.name == name).collect();
    assert_eq!(found.len(), 1, "{name} in {spans:#?}");
    found[0]
}

/// The names of what caused a span, from the first of the trace on.
fn line_of(spans: &[Collected], span: &Collected) -> Vec<String> {
    let parent = spans.iter().find(|it| it.id == span.parent);
    let mut line = parent.map_or_else(Vec::new, |parent| line_of(spans, parent));
    line.push(span.name.clone());
    line
}

#[tokio::test]
async fn an_invoice_is_one_trace_from_the_request_to_the_webhook_across_processes() {
    let (collector, database) = (Collector::start(), Database::fresh().await);
    let redis = Redis::start().await;
    let setup = telling(&collector, &database)
        .with("REDIS__URL", redis.url())
        .with("BROKER", "redis");
    let roles = ["api", "relay", "validator", "webhooks"];
    let services = processes(&setup, &roles).await;
    let client = Tenant::on(&database).await.at(&services[0]);
    let receiver = Receiver::start(Manner::Answers("204 No Content")).await;
    let body = json!({"url": receiver.url(), "event_types": ["invoice.approved"]});
    client.create("/webhooks", &body).await;

    let created = client.post("/invoices", &invoice());
    created
        .header("traceparent", &traceparent())
        .await
        .expect(201);

    let expected = [
        "POST /api/v1/invoices",
        "create_invoice",
        "relay invoice.created",
        "validator invoice.created",
        "relay invoice.approved",
        "webhooks invoice.approved",
    ];
    // Each process tells its own, in any order.
    let awaited = [&expected[..], &["send webhook"]].concat();
    let spans = collector.trace(TRACE, &awaited).await;
    let first = only(&spans, "POST /api/v1/invoices");
    assert_eq!(
        (first.parent.as_str(), first.service.as_str()),
        (CLIENT_SPAN, "api")
    );
    assert!(
        spans
            .iter()
            .any(|span| span.name.contains("INSERT outbox") && span.service == "api")
    );
    let line = line_of(&spans, only(&spans, "webhooks invoice.approved"));
    assert_eq!(line, expected, "{spans:#?}");
    let sent = only(&spans, "send webhook");
    let got = eventually("the webhook", async || {
        receiver.received().into_iter().next()
    })
    .await;
    let carried = format!("00-{TRACE}-{}-01", sent.id);
    assert_eq!(got.traceparent.as_deref(), Some(carried.as_str()));
}

#[tokio::test]
async fn a_payment_is_one_trace_from_the_request_to_the_provider() {
    let (collector, database) = (Collector::start(), Database::fresh().await);
    let stripe = Sink::answering(
        r#"{"id":"po_1","object":"payout","status":"paid","amount":1000,"currency":"usd"}"#,
    )
    .await;
    let setup = telling(&collector, &database)
        .with(
            "PROVIDERS__STRIPE__URL",
            format!("http://{}", stripe.address()),
        )
        .with("PROVIDERS__STRIPE__SECRET_KEY", "sk_test_1")
        .with("PAYMENTS__SWEEP_MS", 50);
    let services = processes(&setup, &["api", "relay", "worker"]).await;
    let client = Tenant::on(&database).await.at(&services[0]);
    let account = json!({"owner": "cash", "currency": "USD", "initial_balance_minor": 5_000});
    let account = client.post("/accounts", &account).idempotency_key("cash");
    let account = account.await.expect(201)["id"].clone();

    let body = json!({
        "payment_type": "external_payment", "direction": "payout", "provider": "stripe",
        "source_account_id": account, "amount_minor": 1_000, "currency": "USD",
    });
    let accepted = client.post("/payments", &body).idempotency_key("pay");
    accepted
        .header("traceparent", &traceparent())
        .await
        .expect(202);

    let awaited = ["POST /api/v1/payments", "carry out a payment"];
    let spans = collector.trace(TRACE, &awaited).await;
    let call = only(&spans, "execute stripe");
    assert_eq!(call.service, "worker");
    let line = line_of(&spans, call);
    assert_eq!(
        line.first().map(String::as_str),
        Some("POST /api/v1/payments")
    );
    assert!(line.contains(&"carry out a payment".to_owned()), "{line:?}");
    let carried = format!("traceparent: 00-{TRACE}-{}-01", call.id);
    let asked = stripe.requests();
    assert!(asked.iter().any(|it| it.contains(&carried)), "{asked:#?}");
}

#[tokio::test]
async fn a_transfer_is_one_trace_from_the_request_to_the_commit() {
    let (collector, database) = (Collector::start(), Database::fresh().await);
    let service = telling(&collector, &database).start().await;
    let client = Tenant::on(&database).await.at(&service);
    let [source, destination] = accounts(&client).await;

    let body = json!({"source_account_id": source, "destination_account_id": destination,
        "amount_minor": 1, "currency": "USD"});
    let posted = client.post("/transfers", &body).idempotency_key("one");
    posted
        .header("traceparent", &traceparent())
        .await
        .expect(201);

    let spans = collector.trace(TRACE, &["POST /api/v1/transfers"]).await;
    let written = spans
        .iter()
        .find(|span| span.name.contains("INSERT transfers"));
    let line = line_of(&spans, written.expect("the statement is a span"));
    let expected = [
        "POST /api/v1/transfers",
        "post transfers",
        "write a batch of transfers",
    ];
    assert_eq!(line[..3], expected);
    let event = client.get("/events?type=transfer.posted").await.expect(200);
    let carried = event["data"][0]["traceparent"].as_str();
    assert!(carried.is_some_and(|it| it.contains(TRACE)), "{event}");
}

async fn accounts(client: &Client) -> [String; 2] {
    let mut made = Vec::new();
    for owner in ["ada", "bob"] {
        let body = json!({"owner": owner, "currency": "USD", "overdraft_limit_minor": 1_000});
        made.push(client.create("/accounts", &body).await);
    }
    made.try_into().unwrap()
}

#[tokio::test]
async fn what_nobody_knows_is_named_by_its_route_and_never_by_its_path() {
    let (collector, database) = (Collector::start(), Database::fresh().await);
    let setup = telling(&collector, &database).with("TELEMETRY__SAMPLING_RATIO", 1);
    let service = setup.start().await;

    let asked = service
        .stranger()
        .call(Method::GET, "/secret-path?q=secret");
    asked.header("traceparent", &traceparent()).await;

    let spans = collector.trace(TRACE, &["GET unmatched"]).await;
    assert!(!spans.iter().any(|span| span.said.contains("secret")));
}
