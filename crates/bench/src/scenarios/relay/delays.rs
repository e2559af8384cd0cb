//! From the commit of an event to when the broker has it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use tokio_postgres::Client;

use crate::data::connect;

const HAPPEN: &str = "
    INSERT INTO outbox (day, event_id, organization_id, aggregate_type, aggregate_id, aggregate_version, type, payload,
                        created_at)
    SELECT (now() AT TIME ZONE 'UTC')::date, gen_random_uuid(), gen_random_uuid(), 'invoice', gen_random_uuid(), 1,
           'invoice.created', json_build_object('notes', repeat('x', 700)), now()";
/// Adds at most this to a delay.
const LOOK_EVERY: Duration = Duration::from_millis(2);
const WRITERS: u32 = 8;
const PATIENCE: Duration = Duration::from_mins(1);

/// Lets so many events a second happen for some time behind those that there are, and tells how long it takes until the
/// broker has one of them, but for one in a hundred.
pub(super) async fn p99_ms(
    (url, database): (&str, &Client),
    (place, end): (&str, i64),
    (per_second, lasting): (u32, Duration),
) -> anyhow::Result<f64> {
    let committed = Arc::new(Mutex::new(Vec::new()));
    let until = Instant::now() + lasting;
    let writers = (0..WRITERS).map(|_| {
        let (url, committed) = (url.to_owned(), committed.clone());
        let pause = Duration::from_secs(1) * WRITERS / per_second;
        tokio::spawn(async move { write(&url, (pause, until), &committed).await })
    });
    let writers: Vec<_> = writers.collect();
    let watching = watch(database, (place, end), (until, &committed));
    let mut delays = watching.await?;
    for writer in writers {
        writer.await??;
    }
    delays.sort_unstable();
    let at = delays.len() * 99 / 100;
    let p99 = delays.get(at).context("nothing happened")?;
    Ok(p99.as_secs_f64() * 1e3)
}

type Commits = Mutex<Vec<Instant>>;

async fn write(
    url: &str,
    (pause, until): (Duration, Instant),
    committed: &Commits,
) -> anyhow::Result<()> {
    let database = connect(url).await?;
    let statement = database.prepare(HAPPEN).await?;
    let mut ticks = tokio::time::interval(pause);
    while Instant::now() < until {
        ticks.tick().await;
        database.execute(&statement, &[]).await?;
        let mut committed = committed.lock().unwrap_or_else(PoisonError::into_inner);
        committed.push(Instant::now());
    }
    Ok(())
}

/// The n-th commit is the n-th place, but for neighbours that were committed within the same moment.
async fn watch(
    database: &Client,
    (place, end): (&str, i64),
    (until, committed): (Instant, &Commits),
) -> anyhow::Result<Vec<Duration>> {
    let place = database.prepare(place).await?;
    let mut delays = Vec::new();
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let position: i64 = database.query_one(&place, &[]).await?.get(0);
        let seen_at = Instant::now();
        let through = usize::try_from(position - end).unwrap_or_default();
        let committed = committed.lock().unwrap_or_else(PoisonError::into_inner);
        let new = committed.iter().take(through).skip(delays.len());
        let new: Vec<_> = new.map(|at| seen_at.duration_since(*at)).collect();
        delays.extend(new);
        if seen_at > until && delays.len() == committed.len() {
            return Ok(delays);
        }
        ensure!(seen_at < until + PATIENCE, "the relay does not keep up");
    }
}
