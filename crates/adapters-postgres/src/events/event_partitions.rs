//! The days of the log: making those to come, forgetting those that are over.

use app::ports::StorageError;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::short_transaction::transact;
use crate::{columns::Columns, database::Database, listing::collect};

/// How many days are made ahead.
const DAYS_AHEAD: i32 = 8;

/// Nobody who writes waits longer than this for tables to be made or dropped; what does not work now works later.
const BEGIN: &str = "BEGIN; SET LOCAL lock_timeout = '200ms'";

const MAKE: &str = "SELECT make_event_partitions($1, $2) AS made";

/// Days before a day, oldest first, with whether everything of theirs has its position and every reader has passed it.
const OVER: &str = "
    SELECT d.day,
           NOT EXISTS (SELECT FROM event_readers
                        WHERE position < (SELECT max(position) FROM event_positions WHERE day = d.day))
           AND (SELECT pg_snapshot_xmax(seen) > coalesce((SELECT max(xact_id) FROM outbox WHERE day = d.day), '0'::xid8)
                       AND target IS NULL
                  FROM event_sequencer) AS is_done
      FROM (SELECT to_date(substr(relname, 8), 'YYYYMMDD') AS day
              FROM pg_inherits JOIN pg_class ON oid = inhrelid
             WHERE inhparent = 'outbox'::regclass AND relname ~ '^outbox_[0-9]{8}$'
             UNION
            SELECT DISTINCT day FROM outbox_other) AS d
     WHERE d.day < $1
     ORDER BY d.day";

const FORGET: &str = "SELECT forget_event_partition($1)";

/// The same for a day that has no partition of its own, in pieces: all of its events have their positions, so that both
/// tables are empty of it at once.
const FORGET_SOME: &str = "
    WITH positions AS (
        DELETE FROM event_positions_other
         WHERE ctid = ANY (ARRAY(SELECT ctid FROM event_positions_other WHERE day = $1 LIMIT $2))),
    events AS (
        DELETE FROM outbox_other
         WHERE ctid = ANY (ARRAY(SELECT ctid FROM outbox_other WHERE day = $1 LIMIT $2)) RETURNING 1)
    SELECT count(*) AS forgotten FROM events";
const FORGOTTEN_AT_ONCE: i64 = 5_000;

/// What was forgotten, and what should have been.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Days whose events are gone.
    pub days: Vec<Date>,
    /// Days that are over, but that some reader has not finished.
    pub kept: Vec<Date>,
}

/// Looks after the partitions.
pub struct PgEventPartitions {
    database: Database,
}

impl PgEventPartitions {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }

    /// Makes the partitions of today and the days to come, and tells how many were missing.
    pub async fn make_ahead(&self, now: Timestamp) -> Result<i32, StorageError> {
        let today = day_of(now);
        transact(&self.database, BEGIN, async |uow| {
            let row = uow.query_opt(MAKE, &[&today, &DAYS_AHEAD]).await?;
            row.map_or(Ok(0), |row| Columns::of("partition", &row).get("made"))
        })
        .await
    }

    /// Drops the days that ended before `kept_since`, unless somebody has still to read them.
    pub async fn forget(&self, kept_since: Timestamp) -> Result<Forgotten, StorageError> {
        let rows = self.database.query(OVER, &[&day_of(kept_since)]).await?;
        let over = collect(&rows, |row| {
            let columns = Columns::of("partition", row);
            Ok((columns.get::<Date>("day")?, columns.get::<bool>("is_done")?))
        })?;
        let mut forgotten = Forgotten::default();
        for (day, is_done) in over {
            if is_done {
                self.forget_day(day).await?;
                forgotten.days.push(day);
            } else {
                forgotten.kept.push(day);
            }
        }
        Ok(forgotten)
    }

    async fn forget_day(&self, day: Date) -> Result<(), StorageError> {
        transact(&self.database, BEGIN, async |uow| {
            uow.query(FORGET, &[&day]).await.map(|_| ())
        })
        .await?;
        loop {
            let forgotten: i64 = transact(&self.database, BEGIN, async |uow| {
                let row = uow
                    .query_opt(FORGET_SOME, &[&day, &FORGOTTEN_AT_ONCE])
                    .await?;
                row.map_or(Ok(0), |row| Columns::of("partition", &row).get("forgotten"))
            })
            .await?;
            if forgotten < FORGOTTEN_AT_ONCE {
                return Ok(());
            }
        }
    }
}

fn day_of(instant: Timestamp) -> Date {
    instant.to_zoned(TimeZone::UTC).date()
}
