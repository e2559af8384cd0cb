//! How far the outbox is behind, for metrics and for the person who looks after it.

use std::time::Duration;

use app::{events::EventPosition, ports::StorageError};

use super::event_readers::FORGOTTEN;
use crate::{columns::Columns, database::Database, listing::collect};

const ENTITY: &str = "outbox status";

/// Of the events without a position, the oldest tells the lag; a reader's lag is the age of the first event it has not
/// dealt with. Those of foreign transactions that are still open are not visible: the age of the oldest one stands for
/// them, be it in a session or prepared to be committed from another.
const STATUS: &str = "
    SELECT s.position,
           (SELECT count(*) FROM (SELECT FROM outbox WHERE xact_id >= pg_snapshot_xmax(s.seen) LIMIT 100001) AS u)
               AS waiting,
           coalesce(extract(epoch FROM now() - (SELECT created_at FROM outbox
                     WHERE xact_id >= pg_snapshot_xmax(s.seen) ORDER BY xact_id, id LIMIT 1)), 0)::float8
               AS waiting_s,
           coalesce(extract(epoch FROM greatest(
               (SELECT max(now() - xact_start) FROM pg_stat_activity
                 WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()),
               (SELECT max(now() - prepared) FROM pg_prepared_xacts WHERE database = current_database()))), 0)
               ::float8 AS open_s,
           (SELECT count(*) FROM held_events WHERE dead_since IS NULL) AS held,
           (SELECT count(*) FROM held_events WHERE dead_since IS NOT NULL) AS dead
      FROM event_sequencer AS s";

/// Sessions of other roles show nothing to whoever is not in this one.
const SEES_OTHERS: &str =
    "SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS sees_others";

const READERS: &str = "
    SELECT r.reader, min(r.position) AS position, count(DISTINCT r.member) FILTER (WHERE r.held_until > now()) AS members,
           coalesce(extract(epoch FROM now() - (
               SELECT o.created_at
                 FROM (SELECT day, xact_id, id FROM event_positions WHERE position > min(r.position)
                        ORDER BY position LIMIT 1) AS p
                CROSS JOIN LATERAL (SELECT created_at FROM outbox
                                     WHERE day = p.day AND xact_id = p.xact_id AND id = p.id) AS o)), 0)::float8 AS lag_s
      FROM event_readers AS r
     WHERE NOT starts_with(r.reader, $1)
     GROUP BY r.reader
     ORDER BY r.reader";

/// How far everything is.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxStatus {
    /// The last position that was given.
    pub end: EventPosition,
    /// How many events have no position yet; counted up to 100,001.
    pub waiting: u64,
    /// How long the oldest of them waits.
    pub oldest_waiting: Duration,
    /// How old the oldest open transaction is that has written something: what it writes cannot be published yet.
    pub oldest_transaction: Duration,
    /// How many events wait for another attempt, or behind one.
    pub held: u64,
    /// How many are dead letters.
    pub dead: u64,
    /// Who reads, and how far they are.
    pub readers: Vec<ReaderStatus>,
}

impl OutboxStatus {
    /// How long the oldest event waits that is not everywhere yet: for its position, for the commit of its transaction,
    /// or for the slowest group of readers.
    pub fn lag(&self) -> Duration {
        let readers = self.readers.iter().map(|it| it.lag);
        let slowest = readers.max().unwrap_or_default();
        self.oldest_waiting
            .max(self.oldest_transaction)
            .max(slowest)
    }
}

/// How far a group of readers is.
#[derive(Debug, Clone, PartialEq)]
pub struct ReaderStatus {
    /// Its name.
    pub reader: String,
    /// Up to where all its shards are done.
    pub position: EventPosition,
    /// How many members read now.
    pub members: u64,
    /// The age of the first event that is not done.
    pub lag: Duration,
}

/// Tells how far everything is.
#[derive(Clone)]
pub struct PgOutboxStatus {
    database: Database,
}

impl PgOutboxStatus {
    /// That of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }

    /// Whether transactions of other roles are seen, too: else the age of the oldest one is that of this role's own.
    pub async fn sees_other_roles(&self) -> Result<bool, StorageError> {
        let row = self.database.query_opt(SEES_OTHERS, &[]).await?;
        row.map_or(Ok(false), |row| {
            Columns::of(ENTITY, &row).get("sees_others")
        })
    }

    /// How far everything is now.
    pub async fn look(&self) -> Result<OutboxStatus, StorageError> {
        let row = self.database.query_opt(STATUS, &[]).await?;
        let row = row.ok_or_else(|| crate::error::corrupt(ENTITY, "no sequencer"))?;
        let columns = Columns::of(ENTITY, &row);
        let rows = self.database.query(READERS, &[&FORGOTTEN]).await?;
        let readers = collect(&rows, |row| {
            let columns = Columns::of(ENTITY, row);
            Ok(ReaderStatus {
                reader: columns.get("reader")?,
                position: EventPosition::new(columns.get("position")?),
                members: count(columns, "members")?,
                lag: seconds(columns, "lag_s")?,
            })
        })?;
        Ok(OutboxStatus {
            end: EventPosition::new(columns.get("position")?),
            waiting: count(columns, "waiting")?,
            oldest_waiting: seconds(columns, "waiting_s")?,
            oldest_transaction: seconds(columns, "open_s")?,
            held: count(columns, "held")?,
            dead: count(columns, "dead")?,
            readers,
        })
    }
}

fn count(columns: Columns<'_>, column: &str) -> Result<u64, StorageError> {
    let count: i64 = columns.get(column)?;
    Ok(u64::try_from(count).unwrap_or_default())
}

fn seconds(columns: Columns<'_>, column: &str) -> Result<Duration, StorageError> {
    let seconds: f64 = columns.get(column)?;
    Ok(Duration::try_from_secs_f64(seconds).unwrap_or_default())
}
