//! What is known of a broker beside it: rows among the readers of the log, one for each group and shard.

use app::{
    events::EventPosition,
    ports::{BrokerMemory, GroupPlace, StorageError, Stretch},
};
use async_trait::async_trait;
use tokio_postgres::{Row, types::ToSql};

use super::event_readers::PgEventReaders;
use crate::{columns::Columns, database::Database, listing::collect};

const ENTITY: &str = "event reader";

/// What the relay holds aside was read, and not published.
const LAST_PUBLISHED: &str = "
    SELECT p.position FROM event_positions AS p
     WHERE p.shard = $1
       AND p.position <= (SELECT r.position FROM event_readers AS r WHERE r.reader = 'relay' AND r.shard = $1)
       AND NOT EXISTS (SELECT FROM held_events AS h WHERE h.consumer = 'relay' AND h.position = p.position)
     ORDER BY p.position DESC LIMIT 1";

const RELAYED: &str =
    "SELECT shard, position FROM event_readers WHERE reader = 'relay' ORDER BY shard";

/// The first one decides: in the order of the index, lest all of a day are looked at.
const QUIET: &str = "
    SELECT s.shard
      FROM unnest($1::smallint[], $2::bigint[], $3::bigint[]) AS s (shard, behind, up_to)
      LEFT JOIN LATERAL (
           SELECT p.position FROM event_positions AS p
            WHERE p.position > s.behind AND p.position <= s.up_to AND p.shard = s.shard
              AND NOT EXISTS (SELECT FROM held_events AS h
                               WHERE h.consumer = 'relay' AND h.position = p.position AND h.next_attempt_at = 'infinity')
            ORDER BY p.position LIMIT 1) AS published ON true
     WHERE published.position IS NULL";

const NOTE: &str = "
    INSERT INTO event_readers AS known (reader, shard, position)
    SELECT * FROM unnest($1::text[], $2::smallint[], $3::bigint[]) ORDER BY 1, 2
    ON CONFLICT (reader, shard) DO UPDATE SET position = excluded.position WHERE known.position < excluded.position";

/// LEAST leaves out what is NULL: without a relay, only the groups count.
const BOUNDS: &str = "
    SELECT g.shard, least(min(g.position), min(r.position)) AS bound
      FROM event_readers AS g LEFT JOIN event_readers AS r ON r.reader = 'relay' AND r.shard = g.shard
     WHERE starts_with(g.reader, $1)
     GROUP BY g.shard";

/// Remembers, in the database of the log, how far a broker has come. Its groups are readers called `<broker>/<group>`.
#[derive(Clone)]
pub struct PgBrokerMemory {
    database: Database,
    prefix: String,
}

impl PgBrokerMemory {
    /// The memory of a broker of this name.
    pub fn new(database: Database, broker: &str) -> Self {
        Self {
            database,
            prefix: format!("{broker}/"),
        }
    }

    async fn note(&self, places: &[GroupPlace]) -> Result<(), StorageError> {
        if places.is_empty() {
            return Ok(());
        }
        let reader = |it: &GroupPlace| format!("{}{}", self.prefix, it.group);
        let readers: Vec<_> = places.iter().map(reader).collect();
        let shards: Vec<_> = places.iter().map(|it| it.shard).collect();
        let positions: Vec<_> = places.iter().map(|it| it.done.as_i64()).collect();
        let params: [&(dyn ToSql + Sync); 3] = [&readers, &shards, &positions];
        self.database.query(NOTE, &params).await.map(drop)
    }
}

fn place_from(row: &Row, column: &str) -> Result<(i16, EventPosition), StorageError> {
    let columns = Columns::of(ENTITY, row);
    let place = EventPosition::new(columns.get(column)?);
    Ok((columns.get("shard")?, place))
}

#[async_trait]
impl BrokerMemory for PgBrokerMemory {
    async fn expect_groups(&self, groups: &[&'static str]) -> Result<(), StorageError> {
        let readers = PgEventReaders::new(self.database.clone());
        for group in groups {
            readers.expect(&format!("{}{group}", self.prefix)).await?;
        }
        Ok(())
    }

    async fn relayed(&self) -> Result<Vec<(i16, EventPosition)>, StorageError> {
        let rows = self.database.query(RELAYED, &[]).await?;
        collect(&rows, |row| place_from(row, "position"))
    }

    async fn find_quiet(&self, stretches: &[Stretch]) -> Result<Vec<i16>, StorageError> {
        let shards: Vec<_> = stretches.iter().map(|it| it.shard).collect();
        let behind: Vec<_> = stretches.iter().map(|it| it.after.as_i64()).collect();
        let up_to: Vec<_> = stretches.iter().map(|it| it.through.as_i64()).collect();
        let params: [&(dyn ToSql + Sync); 3] = [&shards, &behind, &up_to];
        let rows = self.database.query(QUIET, &params).await?;
        collect(&rows, |row| Columns::of(ENTITY, row).get("shard"))
    }

    async fn last_published(&self, shard: i16) -> Result<EventPosition, StorageError> {
        let row = self.database.query_opt(LAST_PUBLISHED, &[&shard]).await?;
        let Some(row) = row else {
            return Ok(EventPosition::START);
        };
        let position = Columns::of(ENTITY, &row).get("position")?;
        Ok(EventPosition::new(position))
    }

    async fn note_places(
        &self,
        places: &[GroupPlace],
    ) -> Result<Vec<(i16, EventPosition)>, StorageError> {
        self.note(places).await?;
        let rows = self.database.query(BOUNDS, &[&self.prefix]).await?;
        collect(&rows, |row| place_from(row, "bound"))
    }
}
