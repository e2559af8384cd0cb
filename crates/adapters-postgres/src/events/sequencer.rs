//! Giving events their positions, behind the commits.
//!
//! What is visible now and was not visible the last time is new: positions follow, in the order of ids. No event is ever
//! missed, however late its transaction commits, and none waits for transactions that are still open. The versions of an
//! aggregate ascend: whoever makes the next one has waited for the commit of the one before, and takes its id afterwards.

use app::ports::{AggregateKind, StorageError};

use super::short_transaction::{BEGIN_ROW_BY_ROW, transact};
use crate::{columns::Columns, database::Database, error::corrupt};

const ENTITY: &str = "event sequencer";

/// Asked first, so that nothing is written where there is nothing to do. By the newest event: a comparison with what is
/// not known yet could be planned as a look at all of them.
const IS_THERE_MORE: &str = "
    SELECT s.target IS NOT NULL
           OR coalesce((SELECT xact_id FROM outbox ORDER BY xact_id DESC LIMIT 1) >= pg_snapshot_xmax(s.seen), false)
           OR EXISTS (SELECT FROM pg_snapshot_xip(s.seen) AS late (xact_id)
                       CROSS JOIN LATERAL (SELECT FROM outbox WHERE xact_id = late.xact_id LIMIT 1) AS visible_now)
           AS is_there_more
      FROM event_sequencer AS s";

/// No row while somebody else is at it. A statement of its own: the next one sees what was visible at the earliest when
/// the row was locked.
const LOCK: &str = "SELECT position FROM event_sequencer FOR UPDATE SKIP LOCKED";

/// Those begun since the last time, and those that were under way then. A backlog is worked off in pieces of the same
/// look. OFFSET 0 keeps the order in which tables are visited: where one transaction has written most events, the planner
/// would rather read all of them, and compare each with the transactions that were under way.
const PLACE: &str = "
    WITH state AS MATERIALIZED (
        SELECT position, seen, target IS NOT NULL AS is_piece, coalesce(target, pg_current_snapshot()) AS target, passed_id
          FROM event_sequencer),
    fresh AS MATERIALIZED (
        SELECT new.*
          FROM state
         CROSS JOIN LATERAL (
               SELECT day, xact_id, id, organization_id, aggregate_type, aggregate_id, pg_column_size(payload) AS bytes
                 FROM outbox
                WHERE xact_id >= pg_snapshot_xmax(state.seen) AND xact_id < pg_snapshot_xmax(state.target)
                  AND id > state.passed_id AND pg_visible_in_snapshot(xact_id, state.target) OFFSET 0) AS new
         UNION ALL
        SELECT late.*
          FROM state
         CROSS JOIN LATERAL pg_snapshot_xip(state.seen) AS open (xact_id)
         CROSS JOIN LATERAL (
               SELECT day, xact_id, id, organization_id, aggregate_type, aggregate_id, pg_column_size(payload) AS bytes
                 FROM outbox
                WHERE xact_id = open.xact_id
                  AND id > state.passed_id AND pg_visible_in_snapshot(xact_id, state.target) OFFSET 0) AS late
         ORDER BY id
         LIMIT $1),
    placed AS (
        INSERT INTO event_positions (position, day, xact_id, id, organization_id, aggregate_type, aggregate_id, shard)
        SELECT (SELECT position FROM state) + row_number() OVER (ORDER BY id), day, xact_id, id, organization_id,
               aggregate_type, aggregate_id, get_byte(uuid_send(aggregate_id), 15) % 16
          FROM fresh),
    kinds AS (SELECT aggregate_type, count(*) AS events, sum(bytes)::bigint AS bytes FROM fresh GROUP BY aggregate_type),
    by_kind AS (
        SELECT coalesce(array_agg(aggregate_type), '{}') AS kinds, coalesce(array_agg(events), '{}') AS events,
               coalesce(array_agg(bytes), '{}') AS bytes
          FROM kinds),
    done AS (SELECT count(*) AS placed, max(id) AS last_id FROM fresh)
    UPDATE event_sequencer AS s
       SET position = s.position + done.placed,
           seen = CASE WHEN done.placed < $1 THEN state.target ELSE s.seen END,
           target = CASE WHEN done.placed < $1 THEN NULL ELSE state.target END,
           passed_id = CASE WHEN done.placed < $1 THEN 0 ELSE done.last_id END
      FROM state, done, by_kind
    RETURNING done.placed, state.is_piece OR done.placed = $1 AS has_more, by_kind.kinds, by_kind.events, by_kind.bytes";

/// What one step of a sequencer has done. Nothing, when there was nothing to do or somebody else is at it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Advanced {
    /// How many events have a position now.
    pub placed: i64,
    /// Whether there may be more of them already.
    pub has_more: bool,
    /// The same events by what they happened to, in no order.
    pub by_kind: Vec<PlacedOfKind>,
}

/// Events of one kind of aggregate that were given positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlacedOfKind {
    /// The kind.
    pub kind: AggregateKind,
    /// How many.
    pub events: u64,
    /// How many bytes their data take in the log.
    pub bytes: u64,
}

/// Gives positions. Any number may do so at once; they take turns.
#[derive(Clone)]
pub struct PgEventSequencer {
    database: Database,
}

impl PgEventSequencer {
    /// That of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }

    /// Gives positions to `limit` events at most.
    pub async fn advance(&self, limit: i64) -> Result<Advanced, StorageError> {
        transact(&self.database, BEGIN_ROW_BY_ROW, async |uow| {
            let asked = uow.query_opt(IS_THERE_MORE, &[]).await?;
            let is_there_more = asked.map(|row| Columns::of(ENTITY, &row).get("is_there_more"));
            if !is_there_more.unwrap_or(Ok(false))? {
                return Ok(Advanced::default());
            }
            if uow.query_opt(LOCK, &[]).await?.is_none() {
                return Ok(Advanced::default());
            }
            let Some(row) = uow.query_opt(PLACE, &[&limit]).await? else {
                return Err(corrupt(ENTITY, "it has no row"));
            };
            advanced(Columns::of(ENTITY, &row))
        })
        .await
    }
}

fn advanced(columns: Columns<'_>) -> Result<Advanced, StorageError> {
    let kinds: Vec<&str> = columns.get("kinds")?;
    let events: Vec<i64> = columns.get("events")?;
    let bytes: Vec<i64> = columns.get("bytes")?;
    let by_kind = kinds.into_iter().zip(events).zip(bytes);
    // A kind that only a later release knows has its positions all the same.
    let by_kind = by_kind.filter_map(|((kind, events), bytes)| {
        Some(PlacedOfKind {
            kind: AggregateKind::parse(kind)?,
            events: events.unsigned_abs(),
            bytes: bytes.unsigned_abs(),
        })
    });
    Ok(Advanced {
        placed: columns.get("placed")?,
        has_more: columns.get("has_more")?,
        by_kind: by_kind.collect(),
    })
}
