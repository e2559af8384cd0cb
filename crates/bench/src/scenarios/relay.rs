//! How quickly events get to a broker: from a backlog, and while they come.

mod backlog;
mod delays;
mod kafka;
mod redis;

use std::time::Duration;

use self::{backlog::Backlog, kafka::Kafka, redis::Redis};
use crate::{
    data::connect,
    figures::Figure,
    run::Stage,
    service::{DATABASE_URL, Service},
};

const DATABASE: &str = "relay";
const LEAST_PER_SECOND: f64 = 10_000.0;
const LEAST_OF_THE_FIRST: f64 = 0.7;
const LIMIT_MS: f64 = 100.0;
/// What the delay is measured at.
const PER_SECOND: u32 = 1_000;

/// One that answers whether it is ready, and brings events on their way; readers are elsewhere.
const ROLES: &[&str] = &["api", "relay"];

/// Where the database says how far it is: positions are given, or the broker has confirmed.
const POSITIONS: &str = "SELECT position FROM event_sequencer";
const CONFIRMED: &str =
    "SELECT coalesce(min(position), 0) FROM event_readers WHERE reader = 'relay'";

/// For each broker: events a second, whether a large backlog is slower at its end, and the delay at a steady pace.
pub(super) async fn measure(stage: &Stage) -> anyhow::Result<Vec<Figure>> {
    let mut figures = measure_one(stage, "postgres", (POSITIONS, &[])).await?;
    let redis = Redis::start().await?;
    let url = redis.url();
    let settings = [("TALLYSTICK_REDIS__BROKER_URL", url.as_str())];
    figures.extend(measure_one(stage, "redis", (CONFIRMED, &settings)).await?);
    drop(redis);
    if let Some(kafka) = Kafka::start().await? {
        let settings = [("TALLYSTICK_KAFKA__SERVERS", kafka.address())];
        figures.extend(measure_one(stage, "kafka", (CONFIRMED, &settings)).await?);
    } else {
        eprintln!("  Kafka is not here, and is not measured");
    }
    Ok(figures)
}

async fn measure_one(
    stage: &Stage,
    broker: &str,
    (place, settings): (&str, &[(&str, &str)]),
) -> anyhow::Result<Vec<Figure>> {
    let bank = stage.bank().await?;
    let url = bank.copy(DATABASE).await?;
    let database = connect(&url).await?;
    let backlog = Backlog::write(&database, stage.pace.backlog).await?;
    let database_and_broker = [(DATABASE_URL, url.as_str()), ("TALLYSTICK_BROKER", broker)];
    let settings: Vec<_> = database_and_broker
        .iter()
        .chain(settings)
        .copied()
        .collect();
    let service = Service::start_in(ROLES, &stage.program, &settings).await?;
    let pieces = backlog.watch(&database, place).await?;
    // What the backlog has left to do must not be told as a delay of what comes behind it.
    database
        .batch_execute("VACUUM (ANALYZE) outbox, event_positions")
        .await?;
    bank.settle().await?;
    let steady = (
        PER_SECOND,
        Duration::from_secs_f64(stage.pace.round_s * 2.0),
    );
    let p99_ms = delays::p99_ms((&url, &database), (place, backlog.end()), steady).await?;
    drop((service, database));
    bank.discard(DATABASE).await?;

    let count = stage.pace.backlog;
    let share = pieces.last / pieces.first;
    Ok(vec![
        Figure {
            name: format!("relay to {broker}, from a backlog of {count}"),
            service: None,
            yardstick: None,
            reached: format!("{:.0} events/s", pieces.all),
            required: format!("≥ {LEAST_PER_SECOND} events/s"),
            is_ok: pieces.all >= LEAST_PER_SECOND,
        },
        Figure {
            name: format!("relay to {broker}, last fifth of that backlog against the first"),
            service: None,
            yardstick: None,
            reached: format!("{share:.2} ×"),
            required: format!("≥ {LEAST_OF_THE_FIRST} ×"),
            is_ok: share >= LEAST_OF_THE_FIRST,
        },
        Figure::of_time(
            &format!("commit to {broker} at {PER_SECOND} events/s, p99"),
            (p99_ms, LIMIT_MS),
            "ms",
        ),
    ])
}
