//! What Sentry is told, and what nobody is told: what clients send.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Collector, Database, Service, Setup, Sink, Tenant, eventually, invoice};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// Stands in everything that a client sends, and must be found nowhere.
const MARKER: &str = "m4rk3r";

async fn told(sentry: &Sink, words: &[&str]) -> String {
    eventually(format!("a report with {words:?}"), async || {
        let reports = sentry.requests();
        let is_it = |it: &String| words.iter().all(|word| it.contains(word));
        reports.into_iter().find(is_it)
    })
    .await
}

fn marked(call: tests::Call) -> tests::Call {
    let traceparent = format!("00-{TRACE}-00f067aa0ba902b7-01");
    [
        "user-agent",
        "referer",
        "x-forwarded-for",
        "cookie",
        "tracestate",
        "baggage",
        "idempotency-key",
        "x-anything",
    ]
    .into_iter()
    .fold(call, |call, name| {
        call.header(name, &format!("{MARKER}-{name}"))
    })
    .header("traceparent", &traceparent)
}

/// Requests with the marker in their bodies, paths and queries: answered, refused, and made in vain.
async fn send_everything(client: &Client) {
    let customer = json!({
        "name": MARKER, "email": format!("{MARKER}@example.com"), "tax_id": MARKER,
        "phone": MARKER, "metadata": {MARKER: MARKER},
        "address": {"line1": MARKER, "city": MARKER, "country": "DE", "postal_code": MARKER},
    });
    let unknown = json!({MARKER: MARKER});
    let marked_invoice = json!({
        "customer": {"name": MARKER, "email": format!("{MARKER}@example.com")},
        "notes": MARKER, "currency": "USD",
        "items": [{"description": MARKER, "quantity": 1, "unit_price_minor": 100, "tax_rate_bps": 0}],
    });
    for (path, body) in [
        ("/customers", &customer),
        ("/customers", &unknown),
        ("/invoices", &marked_invoice),
    ] {
        marked(client.post(path, body)).await;
    }
    let calls = [
        format!("/api/v1/invoices/{MARKER}"),
        format!("/api/v1/invoices?customer_name={MARKER}"),
        format!("/api/v1/customers?{MARKER}={MARKER}"),
        format!("/{MARKER}"),
    ];
    for path in &calls {
        marked(client.call(Method::GET, path)).await;
    }
    marked(client.with_key(MARKER).get("/customers")).await;
}

fn setup(sentry: &Sink, collector: &Collector, database: &Database) -> Setup {
    let dsn = format!("http://key@{}/1", sentry.address());
    Setup::on(database)
        .with("TELEMETRY__SENTRY_DSN", dsn)
        .with("TELEMETRY__OTLP_ENDPOINT", collector.url())
        .with("TELEMETRY__SAMPLING_RATIO", 1)
        .with("DATABASE__ACQUIRE_TIMEOUT_MS", 500)
}

/// Everything that the service has let out about its requests.
async fn let_out(service: &Service, sentry: &Sink, collector: &Collector) -> Vec<String> {
    let spans = collector.spans().into_iter().map(|span| span.said);
    let mut words: Vec<String> = spans.chain(sentry.requests()).collect();
    words.push(service.metrics().await);
    words.push(service.log());
    words
}

#[tokio::test]
async fn an_answer_of_5xx_is_told_with_its_route_release_and_trace_and_nothing_of_the_client() {
    let (collector, database) = (Collector::start(), Database::fresh().await);
    let sentry = Sink::answering("{}").await;
    let service = setup(&sentry, &collector, &database).start().await;
    let client = Tenant::on(&database).await.at(&service);
    send_everything(&client).await;

    // An invoice that nobody can read any more.
    let id = client.create("/invoices", &invoice()).await;
    let spoil = format!("UPDATE invoices SET items = '[1]' WHERE id = '{id}'");
    let spoilt = database.connect().await.batch_execute(&spoil).await;
    spoilt.unwrap();
    let path = format!("/invoices/{id}");
    let answer = marked(client.get(&path)).await;

    assert_eq!(answer.status, 500, "{}", answer.text());
    let report = told(&sentry, &["500 /api/v1/invoices/{id}"]).await;
    let event: Value = report
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find(|it| it["message"].is_string())
        .expect("the report has an event");
    assert_eq!(event["tags"]["route"], "/api/v1/invoices/{id}");
    assert_eq!(event["tags"]["trace_id"], TRACE);
    assert_eq!(event["tags"]["status"], "500");
    let release = event["release"].as_str().unwrap();
    assert!(release.starts_with("tallystick@"), "{release}");
    for words in let_out(&service, &sentry, &collector).await {
        let telling: Vec<_> = words.lines().filter(|line| line.contains(MARKER)).collect();
        assert_eq!(telling, [""; 0]);
    }
}
