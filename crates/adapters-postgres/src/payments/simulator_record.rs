//! What the simulated provider remembers, on connections and in transactions of its own.

use app::ports::{NotedCall, ProviderOrder, SimulatorEntry, SimulatorRecord, StorageError};
use async_trait::async_trait;
use domain::payments::ProviderReference;
use jiff::Timestamp;
use tokio_postgres::{Row, types::ToSql};
use uuid::Uuid;

use crate::{columns::Columns, database::Database, error::corrupt};

const ENTITY: &str = "simulated order";

/// Whoever comes second waits for the first and then sees what it has written. Another order of the key is left alone.
const NOTE_CALL: &str = "
    INSERT INTO simulator_orders AS known (key, work, of_reference, amount_minor, currency, calls, moved_on_call, moved_at,
                                           first_called_at, last_called_at)
    VALUES ($1, $2, $3, $4, $5, 1, CASE WHEN $6::integer <= 1 THEN 1 END, CASE WHEN $6 <= 1 THEN $7::timestamptz END, $7, $7)
    ON CONFLICT (key) DO UPDATE
       SET calls = known.calls + 1,
           moved_on_call = coalesce(known.moved_on_call, CASE WHEN $6 <= known.calls + 1 THEN known.calls + 1 END),
           moved_at = coalesce(known.moved_at, CASE WHEN $6 <= known.calls + 1 THEN $7 END),
           last_called_at = $7
     WHERE (known.work, known.amount_minor, known.currency) = (excluded.work, excluded.amount_minor, excluded.currency)
       AND known.of_reference IS NOT DISTINCT FROM excluded.of_reference
    RETURNING calls, look_ups, moved_on_call";

const NOTE_LOOK_UP: &str = "
    UPDATE simulator_orders SET look_ups = look_ups + 1 WHERE key = $1
    RETURNING calls, look_ups, moved_on_call";

/// The simulator's record in a database. It shares the pool with the service, and nothing else.
pub struct PgSimulatorRecord {
    database: Database,
}

impl PgSimulatorRecord {
    /// The record in this database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl SimulatorRecord for PgSimulatorRecord {
    async fn note_call(
        &self,
        order: &ProviderOrder,
        moves_on: Option<u32>,
        now: Timestamp,
    ) -> Result<NotedCall, StorageError> {
        let of = order.work.of().map(ProviderReference::as_str);
        let moves_on = moves_on.map(|call| i32::try_from(call).unwrap_or(i32::MAX));
        let params: [&(dyn ToSql + Sync); 7] = [
            &order.key,
            &order.work.code(),
            &of,
            &order.amount.as_minor(),
            &order.currency.code(),
            &moves_on,
            &now,
        ];
        let row = self.database.query_opt(NOTE_CALL, &params).await?;
        match row {
            Some(row) => entry_from(&row).map(NotedCall::Noted),
            None => Ok(NotedCall::KeyReused),
        }
    }

    async fn note_look_up(&self, key: Uuid) -> Result<Option<SimulatorEntry>, StorageError> {
        let row = self.database.query_opt(NOTE_LOOK_UP, &[&key]).await?;
        row.as_ref().map(entry_from).transpose()
    }
}

fn entry_from(row: &Row) -> Result<SimulatorEntry, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let moved_on_call: Option<i32> = columns.get("moved_on_call")?;
    Ok(SimulatorEntry {
        calls: count(columns.get("calls")?)?,
        look_ups: count(columns.get("look_ups")?)?,
        moved_on_call: moved_on_call.map(count).transpose()?,
    })
}

fn count(stored: i32) -> Result<u32, StorageError> {
    u32::try_from(stored).map_err(|why| corrupt(ENTITY, why))
}
