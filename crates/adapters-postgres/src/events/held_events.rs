//! What could not be delivered.

use std::collections::HashSet;

use app::{
    events::{CloudEvent, EventPosition, LoggedEvent},
    ports::{AggregateKind, HeldEvent, HeldEvents, NextAttempt, StorageError},
};
use async_trait::async_trait;
use domain::ids::EventId;
use jiff::Timestamp;
use tokio_postgres::{Row, types::ToSql};
use uuid::Uuid;

use super::short_transaction::transact;
use crate::{columns::Columns, database::Database, error::corrupt, listing::collect};

pub(super) const ENTITY: &str = "held event";

const FIND: &str = "
    SELECT DISTINCT aggregate_id FROM held_events WHERE consumer = $1 AND aggregate_id = ANY ($2)";

/// Whoever adds to the events of an aggregate and whoever removes one take turns, so that the first one is always due.
const TAKE_TURNS: &str = "
    SELECT pg_advisory_xact_lock(hashtextextended($1 || aggregate_id, 0))
      FROM (SELECT DISTINCT id::text AS aggregate_id FROM unnest($2::uuid[]) AS u (id) ORDER BY 1) AS a";

/// What waits behind another one is due never, until that one is gone.
const HOLD: &str = "
    INSERT INTO held_events (consumer, event_id, aggregate_id, sequence, position, shard, event, attempts, reason,
                             next_attempt_at)
    SELECT $1, event_id, aggregate_id, sequence, position, shard, event::json, (reason IS NOT NULL)::int, reason,
           CASE WHEN first_value(position) OVER of_aggregate = position
                     AND NOT EXISTS (SELECT FROM held_events AS h
                                      WHERE h.consumer = $1 AND h.aggregate_id = new.aggregate_id
                                        AND h.position < new.position)
                THEN $9::timestamptz ELSE 'infinity' END
      FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::smallint[], $7::text[], $8::text[])
           AS new (event_id, aggregate_id, sequence, position, shard, event, reason)
    WINDOW of_aggregate AS (PARTITION BY aggregate_id ORDER BY position)
    ON CONFLICT DO NOTHING";

/// What happened to a kind that only a later release knows waits for a member of that.
const CLAIM: &str = "
    UPDATE held_events AS h SET next_attempt_at = $3
      FROM (SELECT consumer, event_id FROM held_events
             WHERE consumer = $1 AND dead_since IS NULL AND next_attempt_at <= $2
               AND substring(event->>'dataschema' FROM '[^/]*$') = ANY ($4)
             ORDER BY next_attempt_at LIMIT 100 FOR UPDATE SKIP LOCKED) AS due
     WHERE h.consumer = due.consumer AND h.event_id = due.event_id
    RETURNING h.position, h.shard, h.event::text AS event, h.attempts";

const AGGREGATE_OF: &str = "
    SELECT aggregate_id FROM held_events WHERE consumer = $1 AND event_id = $2";

const RELEASE: &str = "DELETE FROM held_events WHERE consumer = $1 AND event_id = $2";

const WAKE_NEXT: &str = "
    UPDATE held_events SET next_attempt_at = '-infinity'
     WHERE (consumer, event_id) = (SELECT consumer, event_id FROM held_events
                                    WHERE consumer = $1 AND aggregate_id = $2 ORDER BY position LIMIT 1)
       AND next_attempt_at = 'infinity' AND dead_since IS NULL";

const NOTE_FAILURE: &str = "
    UPDATE held_events
       SET attempts = attempts + 1, reason = $3,
           next_attempt_at = coalesce($4::timestamptz, 'infinity'), dead_since = CASE WHEN $4::timestamptz IS NULL THEN now() END
     WHERE consumer = $1 AND event_id = $2";

/// Keeps what could not be delivered.
#[derive(Clone)]
pub struct PgHeldEvents {
    database: Database,
}

impl PgHeldEvents {
    /// That of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl HeldEvents for PgHeldEvents {
    async fn find_held(
        &self,
        consumer: &str,
        aggregates: &[Uuid],
    ) -> Result<HashSet<Uuid>, StorageError> {
        let rows = self.database.query(FIND, &[&consumer, &aggregates]).await?;
        let ids = collect(&rows, |row| Columns::of(ENTITY, row).get("aggregate_id"))?;
        Ok(ids.into_iter().collect())
    }

    async fn hold(
        &self,
        consumer: &str,
        events: &[(LoggedEvent, Option<String>)],
        next_attempt_at: Timestamp,
    ) -> Result<(), StorageError> {
        let held = events.iter().map(|(event, _)| event);
        let ids: Vec<_> = held.clone().map(|it| it.event.id.as_uuid()).collect();
        let aggregates: Vec<_> = held.clone().map(|it| it.event.aggregate_id).collect();
        let sequences: Vec<_> = held.clone().map(|it| it.event.sequence).collect();
        let positions: Vec<_> = held.clone().map(|it| it.position.as_i64()).collect();
        let shards: Vec<_> = held.clone().map(|it| it.shard).collect();
        let texts: Result<Vec<_>, _> = held.map(|it| it.event.to_json()).collect();
        let texts = texts.map_err(|why| corrupt(ENTITY, why))?;
        let reasons: Vec<_> = events.iter().map(|(_, reason)| reason.as_deref()).collect();
        transact(&self.database, "BEGIN", async |uow| {
            uow.query(TAKE_TURNS, &[&consumer, &aggregates]).await?;
            uow.execute(
                HOLD,
                &[
                    &consumer,
                    &ids,
                    &aggregates,
                    &sequences,
                    &positions,
                    &shards,
                    &texts,
                    &reasons,
                    &next_attempt_at,
                ],
            )
            .await
        })
        .await
        .map(|_| ())
    }

    async fn claim_due(
        &self,
        consumer: &str,
        now: Timestamp,
        claimed_until: Timestamp,
    ) -> Result<Vec<HeldEvent>, StorageError> {
        let kinds = AggregateKind::ALL.map(AggregateKind::code).to_vec();
        let params: [&(dyn ToSql + Sync); 4] = [&consumer, &now, &claimed_until, &kinds];
        let rows = self.database.query(CLAIM, &params).await?;
        collect(&rows, held_from)
    }

    async fn release(&self, consumer: &str, event_id: EventId) -> Result<(), StorageError> {
        let id = event_id.as_uuid();
        transact(&self.database, "BEGIN", async |uow| {
            let Some(row) = uow.query_opt(AGGREGATE_OF, &[&consumer, &id]).await? else {
                return Ok(());
            };
            let aggregate: Uuid = Columns::of(ENTITY, &row).get("aggregate_id")?;
            uow.query(TAKE_TURNS, &[&consumer, &vec![aggregate]])
                .await?;
            uow.execute(RELEASE, &[&consumer, &id]).await?;
            uow.execute(WAKE_NEXT, &[&consumer, &aggregate]).await?;
            Ok(())
        })
        .await
    }

    async fn note_failure(
        &self,
        consumer: &str,
        event_id: EventId,
        reason: &str,
        next: NextAttempt,
    ) -> Result<(), StorageError> {
        let next = match next {
            NextAttempt::At(instant) => Some(instant),
            NextAttempt::Never => None,
        };
        let id = event_id.as_uuid();
        self.database
            .query(NOTE_FAILURE, &[&consumer, &id, &reason, &next])
            .await
            .map(|_| ())
    }
}

fn held_from(row: &Row) -> Result<HeldEvent, StorageError> {
    let attempts: i32 = Columns::of(ENTITY, row).get("attempts")?;
    Ok(HeldEvent {
        event: logged_from(row)?,
        attempts: u32::try_from(attempts).unwrap_or_default(),
    })
}

pub(super) fn logged_from(row: &Row) -> Result<LoggedEvent, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let event: &str = columns.get("event")?;
    Ok(LoggedEvent {
        position: EventPosition::new(columns.get("position")?),
        shard: columns.get("shard")?,
        event: CloudEvent::from_json(event.as_bytes()).map_err(|why| corrupt(ENTITY, why))?,
    })
}
