//! Many events that nobody has published yet.

use std::time::{Duration, Instant};

use anyhow::ensure;
use tokio_postgres::Client;

/// Three events of each invoice, in the order in which they would have happened, each with an invoice's JSON.
const WRITE: &str = "
    INSERT INTO outbox (day, event_id, organization_id, aggregate_type, aggregate_id, aggregate_version, type, payload,
                        created_at)
    SELECT (now() AT TIME ZONE 'UTC')::date, gen_random_uuid(), gen_random_uuid(), 'invoice',
           uuid_in(md5((n % ($1::bigint / 3))::text)::cstring), n / ($1::bigint / 3) + 1, 'invoice.updated',
           json_build_object('id', n, 'notes', repeat('x', 700)), now()
      FROM generate_series(0, $1::bigint - 1) AS n";
const LOOK_EVERY: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_mins(10);

/// A backlog in the outbox.
pub(super) struct Backlog {
    count: i64,
}

/// Events a second.
pub(super) struct Pieces {
    pub(super) all: f64,
    /// Of the first fifth.
    pub(super) first: f64,
    /// Of the last fifth.
    pub(super) last: f64,
}

impl Backlog {
    pub(super) async fn write(database: &Client, count: i64) -> anyhow::Result<Self> {
        database.execute(WRITE, &[&count]).await?;
        database.batch_execute("ANALYZE outbox").await?;
        Ok(Self { count })
    }

    /// The place of the last of them.
    pub(super) const fn end(&self) -> i64 {
        self.count
    }

    /// Looks until all of them are through.
    pub(super) async fn watch(&self, database: &Client, place: &str) -> anyhow::Result<Pieces> {
        let place = database.prepare(place).await?;
        let began = Instant::now();
        let mut seen = vec![(0.0, 0_i64)];
        while seen
            .last()
            .is_none_or(|(_, position)| *position < self.count)
        {
            ensure!(
                began.elapsed() < PATIENCE,
                "the relay is not done after {PATIENCE:?}"
            );
            tokio::time::sleep(LOOK_EVERY).await;
            let position = database.query_one(&place, &[]).await?.get(0);
            seen.push((began.elapsed().as_secs_f64(), position));
        }
        // What it does before the first event is through is its start.
        let through = |share: i64| {
            let wanted = self.count * share / 5;
            let reached = seen.iter().find(|(_, position)| *position >= wanted);
            reached.map_or((0.0, 0), |it| *it)
        };
        let outset = seen.iter().rfind(|(_, position)| *position == 0);
        let outset = outset.map_or((0.0, 0), |it| *it);
        Ok(Pieces {
            all: rate(outset, through(5)),
            first: rate(outset, through(1)),
            last: rate(through(4), through(5)),
        })
    }
}

fn rate((from_s, from): (f64, i64), (to_s, to): (f64, i64)) -> f64 {
    // Counts of events fit into 32 bits, which a float holds exactly.
    let count = f64::from(u32::try_from(to - from).unwrap_or(u32::MAX));
    count / (to_s - from_s).max(LOOK_EVERY.as_secs_f64())
}
