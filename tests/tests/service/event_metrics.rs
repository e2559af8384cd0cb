//! What is counted of events moves with them, whatever the broker.

use serde_json::json;
use tests::{
    Client, Database, Manner, Receiver, Redis, Service, Setup, Tenant, customer, eventually,
    invoice,
};

/// Told by the dashboard of events, and the alerts on them.
const GAUGES: [&str; 5] = [
    "outbox_waiting",
    "outbox_lag_seconds",
    "outbox_oldest_transaction_seconds",
    "held_events",
    "dead_letters",
];

/// The sum of the series of a metric that have all of these labels; `None` if there is no such series.
fn value(metrics: &str, name: &str, labels: &[&str]) -> Option<f64> {
    let of_it = |line: &str| {
        let rest = line.strip_prefix(name)?;
        let (series, value) = rest.rsplit_once(' ')?;
        let is_it = series.is_empty() || series.starts_with('{');
        let has_all = labels.iter().all(|label| series.contains(label));
        (is_it && has_all).then(|| value.parse::<f64>().ok())?
    };
    metrics.lines().filter_map(of_it).reduce(|sum, it| sum + it)
}

async fn reaches(service: &Service, (name, labels): (&str, &[&str]), least: f64) {
    eventually(format!("{name} {labels:?} is {least}"), async || {
        let told = value(&service.metrics().await, name, labels);
        told.filter(|told| *told >= least)
    })
    .await;
}

async fn work(client: &Client) -> Receiver {
    let receiver = Receiver::start(Manner::Answers("204 No Content")).await;
    let webhook = json!({"url": receiver.url(), "event_types": ["customer.*"]});
    client.create("/webhooks", &webhook).await;
    for _ in 0..3 {
        client.create("/customers", &customer()).await;
    }
    client.create("/invoices", &invoice()).await;
    receiver
}

/// `reader` is what the group of validators is called in the database.
async fn figures_move(setup: Setup, database: &Database, (broker, reader): (&str, &str)) {
    let service = setup.and_role("validator").reaching_home().start().await;
    let client = Tenant::on(database).await.at(&service);

    let _receiver = work(&client).await;

    let broker = format!("broker=\"{broker}\"");
    let of_customers = [broker.as_str(), "aggregate_type=\"customer\""];
    reaches(&service, ("messages_produced_total", &of_customers), 3.0).await;
    reaches(
        &service,
        ("messages_produced_bytes_total", &of_customers),
        300.0,
    )
    .await;
    let taken = ["consumer=\"webhooks\"", "outcome=\"taken\""];
    reaches(&service, ("messages_consumed_total", &taken), 4.0).await;
    let reviewed = ["consumer=\"validator\"", "outcome=\"taken\""];
    reaches(&service, ("messages_consumed_total", &reviewed), 1.0).await;
    reaches(
        &service,
        ("invoices_reviewed_total", &["result=\"approved\""]),
        1.0,
    )
    .await;
    reaches(
        &service,
        ("webhook_deliveries_total", &["outcome=\"delivered\""]),
        3.0,
    )
    .await;
    let reader = [&*format!("reader=\"{reader}\"")];
    for name in ["event_reader_backlog", "event_reader_lag_seconds"] {
        reaches(&service, (name, &reader), 0.0).await;
    }
    for name in GAUGES {
        reaches(&service, (name, &[]), 0.0).await;
    }
}

#[tokio::test]
async fn figures_of_events_move_with_postgresql_as_the_broker() {
    let database = Database::fresh().await;

    figures_move(Setup::on(&database), &database, ("postgres", "validator")).await;
}

#[tokio::test]
async fn figures_of_events_move_with_redis_as_the_broker() {
    let (database, redis) = (Database::fresh().await, Redis::start().await);
    let setup = Setup::on(&database)
        .with("BROKER", "redis")
        .with("REDIS__BROKER_URL", redis.url());

    figures_move(setup, &database, ("redis", "redis/validator")).await;
}

/// Nobody validates: what there is to do is told, and how old it is.
#[tokio::test]
async fn a_reader_that_is_away_is_told_as_a_backlog_that_grows_older() {
    let database = Database::fresh().await;
    let setup = Setup::on(&database);
    let validator = setup.clone().in_role("validator").start().await;
    let service = setup.start().await;
    let client = Tenant::on(&database).await.at(&service);
    client.create("/invoices", &invoice()).await;
    let reviewed = ["result=\"approved\""];
    reaches(&validator, ("invoices_reviewed_total", &reviewed), 1.0).await;

    validator.kill();
    client.create("/invoices", &invoice()).await;

    let reader = ["reader=\"validator\""];
    reaches(&service, ("event_reader_backlog", &reader), 1.0).await;
    reaches(&service, ("event_reader_lag_seconds", &reader), 1.0).await;
    reaches(&service, ("outbox_lag_seconds", &[]), 1.0).await;
}
