//! The whole ledger at one moment.

mod rows;
mod statements;

use std::time::Duration;

use app::{
    ledger::{ChainBlock, ChainRecord},
    ports::{
        ChainSnapshot, LedgerSnapshot, LedgerSnapshots, StorageError, Stored, StoredEntry,
        StoredReceivables, StoredStanding, StoredTransfer,
    },
};
use async_trait::async_trait;
use deadpool_postgres::Object;
use domain::ids::{OrganizationId, TransferId};
use futures_util::{
    StreamExt as _, TryStreamExt as _,
    stream::{iter, try_unfold},
};
use tokio_postgres::{Row, types::ToSql};
use uuid::Uuid;

use super::chain_record_row::record_from;
use crate::{
    columns::Columns,
    database::{Database, Sending},
    error::{storage_error, unavailable},
    listing::collect,
};

/// Everything below sees one moment, however long it takes. Statements that sort large tables take longer than any other.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SET LOCAL statement_timeout = 0;
    SET LOCAL idle_in_transaction_session_timeout = 0;
    SET LOCAL cursor_tuple_fraction = 1;";

/// After so long the server is taken for lost.
const DEADLINE: Duration = Duration::from_hours(2);

/// Opens snapshots of a database, each on a connection that is closed afterwards.
pub struct PgLedgerSnapshots {
    database: Database,
}

impl PgLedgerSnapshots {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl LedgerSnapshots for PgLedgerSnapshots {
    async fn open(&self) -> Result<Box<dyn LedgerSnapshot>, StorageError> {
        let client = self.database.connection().await?;
        let snapshot = PgLedgerSnapshot {
            client: Some(client),
            sending: self.database.sending(),
        };
        let client = snapshot.client()?;
        let begin = snapshot.sending.opening(BEGIN);
        in_time(client.batch_execute(&begin)).await?;
        // The moment is that of the first statement.
        in_time(client.batch_execute("SELECT 1")).await?;
        Ok(Box::new(snapshot))
    }
}

struct PgLedgerSnapshot {
    /// `None` once it is dropped.
    client: Option<Object>,
    sending: Sending,
}

/// Rows that are fetched in pieces.
#[derive(Clone, Copy)]
struct Cursor {
    name: &'static str,
    sql: &'static str,
    rows_at_once: u16,
}

impl PgLedgerSnapshot {
    fn client(&self) -> Result<&Object, StorageError> {
        let client = self.client.as_ref();
        client.ok_or_else(|| unavailable("the connection was given up"))
    }

    async fn query(
        &self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, StorageError> {
        self.sending.learn(self.sending.unknown([sql])).await?;
        let client = self.client()?;
        let asking = async {
            let statement = self.sending.prepare(client, sql).await?;
            statement.query(client, params).await
        };
        in_time(asking).await
    }

    fn stream<'s, T: Send + 's>(
        &'s self,
        cursor: Cursor,
        read: fn(&Row) -> Result<T, StorageError>,
    ) -> Stored<'s, T> {
        let fetch = move |is_open: bool| async move {
            if !is_open {
                let declare = format!(
                    "DECLARE {} NO SCROLL CURSOR FOR {}",
                    cursor.name, cursor.sql
                );
                in_time(self.client()?.batch_execute(&declare)).await?;
            }
            let fetch = format!("FETCH FORWARD {} FROM {}", cursor.rows_at_once, cursor.name);
            let rows = in_time(self.client()?.query_typed(&fetch, &[])).await?;
            Ok::<_, StorageError>((!rows.is_empty()).then_some((rows, true)))
        };
        let pieces = try_unfold(false, fetch);
        let items = pieces.map_ok(move |rows| {
            let items: Vec<_> = rows.iter().map(read).collect();
            iter(items)
        });
        items.try_flatten().boxed()
    }
}

#[async_trait]
impl LedgerSnapshot for PgLedgerSnapshot {
    async fn entry_count(&self) -> Result<u64, StorageError> {
        let rows = self.query(statements::ENTRY_COUNT, &[]).await?;
        let count = rows
            .first()
            .map(|row| Columns::of("standing", row).get("count"));
        let count: i64 = count.unwrap_or(Ok(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    fn standings(&self) -> Stored<'_, StoredStanding> {
        self.stream(statements::STANDINGS, rows::standing_from)
    }

    fn entries_by_folio(&self) -> Stored<'_, StoredEntry> {
        self.stream(statements::ENTRIES_BY_FOLIO, rows::entry_from)
    }

    fn transfers(&self) -> Stored<'_, StoredTransfer> {
        self.stream(statements::TRANSFERS, rows::transfer_from)
    }

    fn entries_by_transfer(&self) -> Stored<'_, StoredEntry> {
        self.stream(statements::ENTRIES_BY_TRANSFER, rows::entry_from)
    }

    fn receivables(&self) -> Stored<'_, StoredReceivables> {
        self.stream(statements::RECEIVABLES, rows::receivables_from)
    }
}

#[async_trait]
impl ChainSnapshot for PgLedgerSnapshot {
    fn chained_transfers(&self) -> Stored<'_, (TransferId, OrganizationId)> {
        self.stream(statements::CHAINED_TRANSFERS, rows::link_from)
    }

    fn blocks(&self) -> Stored<'_, ChainBlock> {
        self.stream(statements::BLOCKS, rows::block_from)
    }

    async fn records(
        &self,
        wanted: &[(OrganizationId, TransferId)],
    ) -> Result<Vec<Option<ChainRecord>>, StorageError> {
        let pair = |(owner, id): &(OrganizationId, TransferId)| (owner.as_uuid(), id.as_uuid());
        let (owners, ids): (Vec<Uuid>, Vec<Uuid>) = wanted.iter().map(pair).unzip();
        let rows = self.query(&statements::RECORDS, &[&owners, &ids]).await?;
        collect(&rows, record_from)
    }
}

async fn in_time<T>(
    asking: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, StorageError> {
    match tokio::time::timeout(DEADLINE, asking).await {
        Ok(answer) => answer.map_err(storage_error),
        Err(_late) => Err(unavailable("PostgreSQL did not answer in time")),
    }
}

/// The connection has a transaction and cursors open, so nobody gets it again.
impl Drop for PgLedgerSnapshot {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            drop(Object::take(client));
        }
    }
}
