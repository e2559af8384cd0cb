//! The dead letters: held events that nobody tries to deliver any more.

use app::ports::{DeadLetter, DeadLetters, HeldEvents as _, StorageError};
use async_trait::async_trait;
use domain::ids::EventId;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    held_events::{ENTITY, PgHeldEvents, logged_from},
    short_transaction::transact,
};
use crate::{columns::Columns, database::Database, listing::collect};

const LIST: &str = "
    SELECT h.consumer, h.position, h.shard, h.event::text AS event, h.attempts, coalesce(h.reason, '') AS reason,
           h.dead_since,
           (SELECT count(*) FROM held_events AS b
             WHERE b.consumer = h.consumer AND b.aggregate_id = h.aggregate_id AND b.position > h.position) AS behind
      FROM held_events AS h
     WHERE h.dead_since IS NOT NULL
     ORDER BY h.dead_since, h.event_id
     LIMIT $1";

const RETRY: &str = "
    UPDATE held_events SET attempts = 0, dead_since = NULL, next_attempt_at = '-infinity'
     WHERE dead_since IS NOT NULL AND ($1::uuid IS NULL OR event_id = $1)";

const CONSUMERS: &str =
    "SELECT consumer FROM held_events WHERE event_id = $1 AND dead_since IS NOT NULL";

/// The dead letters of all consumers.
pub struct PgDeadLetters {
    database: Database,
}

impl PgDeadLetters {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl DeadLetters for PgDeadLetters {
    async fn list_dead(&self, limit: u32) -> Result<Vec<DeadLetter>, StorageError> {
        let rows = self.database.query(LIST, &[&i64::from(limit)]).await?;
        collect(&rows, dead_letter_from)
    }

    async fn retry(&self, event_id: Option<EventId>) -> Result<u64, StorageError> {
        let id: Option<Uuid> = event_id.as_ref().map(EventId::as_uuid);
        transact(&self.database, "BEGIN", async |uow| {
            uow.execute(RETRY, &[&id]).await
        })
        .await
    }

    async fn discard(&self, event_id: EventId) -> Result<bool, StorageError> {
        let id = event_id.as_uuid();
        let rows = self.database.query(CONSUMERS, &[&id]).await?;
        let consumers = collect(&rows, |row| {
            Columns::of(ENTITY, row).get::<String>("consumer")
        })?;
        let held = PgHeldEvents::new(self.database.clone());
        for consumer in &consumers {
            held.release(consumer, event_id).await?;
        }
        Ok(!consumers.is_empty())
    }
}

fn dead_letter_from(row: &Row) -> Result<DeadLetter, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let (attempts, behind): (i32, i64) = (columns.get("attempts")?, columns.get("behind")?);
    Ok(DeadLetter {
        consumer: columns.get("consumer")?,
        event: logged_from(row)?,
        attempts: u32::try_from(attempts).unwrap_or_default(),
        reason: columns.get("reason")?,
        dead_since: columns.get("dead_since")?,
        waiting_behind: u64::try_from(behind).unwrap_or_default(),
    })
}
