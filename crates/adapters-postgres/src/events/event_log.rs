//! Reading the log of one organization.

use std::sync::LazyLock;

use app::{
    events::{EventPosition, TypePattern},
    paging::Limit,
    ports::{AggregateKind, EventFilter, EventLog, EventPage, StorageError},
};
use async_trait::async_trait;
use domain::ids::OrganizationId;
use jiff::{SignedDuration, Timestamp};
use tokio_postgres::{Row, types::ToSql};

use super::{
    event_row::{COLUMNS, OUTBOX_ROW, event_from},
    short_transaction::read_row_by_row,
};
use crate::{columns::Columns, database::Database};

/// How many of its events are looked at for one page, found or not.
const LOOKED_AT: i64 = 5_000;

/// Positions follow the commits, instants the beginnings of commands: no command takes longer.
const SKEW: SignedDuration = SignedDuration::from_mins(10);

const END: &str = "SELECT position FROM event_sequencer";

/// Positions ascend with time, but for the skew.
const POSITION_AT: &str = "SELECT event_position_at($1) AS position";

/// What is looked at, each with its event if the filter lets it through. $1 organization, $2 behind, $3 up to, $4 how many
/// are looked at, $5 kind, $6 types, $7 starts of types, $8 from, $9 to.
fn list(owner: &str) -> String {
    format!(
        "WITH looked_at AS MATERIALIZED (
             SELECT * FROM event_positions
              WHERE {owner} AND position > $2 AND position <= $3 AND ($5::text IS NULL OR aggregate_type = $5)
              ORDER BY position LIMIT $4),
         whole AS (SELECT count(*) AS count, max(position) AS last FROM looked_at)
         SELECT whole.count AS looked_at, whole.last AS looked_to, e.*
           FROM whole
           LEFT JOIN LATERAL (
                SELECT {COLUMNS} FROM looked_at AS p {OUTBOX_ROW}
                 WHERE (cardinality($6::text[]) + cardinality($7::text[]) = 0
                        OR o.type = ANY ($6) OR split_part(o.type, '.', 1) || '.' = ANY ($7))
                   AND ($8::timestamptz IS NULL OR o.created_at >= $8)
                   AND ($9::timestamptz IS NULL OR o.created_at <= $9)
                 ORDER BY p.position LIMIT $10) AS e ON true
          ORDER BY e.position"
    )
}

static LIST: LazyLock<String> = LazyLock::new(|| list("organization_id = $1"));
static LIST_OF_AGGREGATE: LazyLock<String> =
    LazyLock::new(|| list("aggregate_id = $11 AND organization_id = $1"));

/// The log of a database.
pub struct PgEventLog {
    database: Database,
}

impl PgEventLog {
    /// That of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }

    async fn position_at(&self, instant: Timestamp) -> Result<EventPosition, StorageError> {
        let row = self.database.query_opt(POSITION_AT, &[&instant]).await?;
        let position = row.map_or(Ok(0), |row| Columns::of("event", &row).get("position"));
        Ok(EventPosition::new(position?))
    }

    /// The positions between which everything is that the filter's instants let through.
    async fn bounds(
        &self,
        filter: &EventFilter,
        after: EventPosition,
    ) -> Result<(EventPosition, EventPosition), StorageError> {
        let mut end = self.end().await?;
        let mut start = after;
        if let Some(from) = filter.from {
            let early = from.saturating_sub(SKEW).unwrap_or(from);
            start = start.max(self.position_at(early).await?);
        }
        if let Some(to) = filter.to {
            let late = to.saturating_add(SKEW).unwrap_or(to);
            end = end.min(self.position_at(late).await?);
        }
        Ok((start, end))
    }
}

#[async_trait]
impl EventLog for PgEventLog {
    async fn list_events(
        &self,
        organization_id: OrganizationId,
        filter: &EventFilter,
        after: EventPosition,
        limit: Limit,
    ) -> Result<EventPage, StorageError> {
        let (start, end) = self.bounds(filter, after).await?;
        let any = filter.types.iter().any(|it| it.as_str() == "*");
        let patterns = filter
            .types
            .iter()
            .map(TypePattern::as_str)
            .filter(|_| !any);
        let (starts, types): (Vec<_>, Vec<_>) = patterns.partition(|it| it.ends_with('*'));
        let starts: Vec<_> = starts.iter().map(|it| it.trim_end_matches('*')).collect();
        let kind = filter.kind.map(AggregateKind::code);
        let (owner, wanted) = (organization_id.as_uuid(), i64::from(limit.rows()) + 1);
        let (first, last) = (start.as_i64(), end.as_i64());
        let mut params: Vec<&(dyn ToSql + Sync)> = vec![
            &owner,
            &first,
            &last,
            &LOOKED_AT,
            &kind,
            &types,
            &starts,
            &filter.from,
            &filter.to,
            &wanted,
        ];
        let sql: &'static str = if let Some(aggregate) = &filter.aggregate_id {
            params.push(aggregate);
            &LIST_OF_AGGREGATE
        } else {
            &LIST
        };
        let rows = read_row_by_row(&self.database, sql, &params).await?;

        page_of(&rows, limit, end.max(after))
    }

    async fn end(&self) -> Result<EventPosition, StorageError> {
        let row = self.database.query_opt(END, &[]).await?;
        let position = row.map_or(Ok(0), |row| Columns::of("event", &row).get("position"));
        Ok(EventPosition::new(position?))
    }
}

/// The page that these rows make of a log that ends at `log_end`, as far as it is of interest.
fn page_of(rows: &[Row], limit: Limit, log_end: EventPosition) -> Result<EventPage, StorageError> {
    let mut events = Vec::with_capacity(rows.len());
    let (mut looked_at, mut looked_to) = (0, None);
    for row in rows {
        let columns = Columns::of("event", row);
        (looked_at, looked_to) = (columns.get("looked_at")?, columns.get("looked_to")?);
        if columns.get::<Option<i64>>("position")?.is_some() {
            events.push(event_from(row)?);
        }
    }
    let is_full = events.len() > usize::from(limit.rows());
    events.truncate(usize::from(limit.rows()));
    let stopped_early = looked_at == LOOKED_AT;
    let end = match (events.last(), looked_to) {
        (Some(last), _) if is_full => last.position,
        (_, Some(looked_to)) if stopped_early => EventPosition::new(looked_to),
        _ => log_end,
    };
    Ok(EventPage {
        events,
        end,
        has_more: is_full || stopped_early,
    })
}
