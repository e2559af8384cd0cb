//! Chaining transfers, behind their commits and in the order of these.
//!
//! A transaction that is older than every one under way is over, and so is each before it: what those have posted is
//! complete, and is chained in the order of their ids. Newer ones wait until the next time.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::ParseIntError,
    sync::{Arc, LazyLock},
};

use app::{
    ledger::{ChainBlock, ChainHash, ChainRecord, ChainTip, blocks_of},
    ports::{Clock, StorageError},
};
use domain::ids::{OrganizationId, TransferId};
use tokio_postgres::Row;
use uuid::Uuid;

use super::chain_record_row::{self, record_from};
use crate::{
    columns::Columns,
    database::Database,
    error::{corrupt, unavailable},
    listing::collect,
    unit_of_work::{OwnedParam, PgUnitOfWork, Terms},
};

const ENTITY: &str = "transfer chain";

/// Asked first, so that nothing is written where there is nothing to do. By the newest transfer: a comparison with what is
/// not known yet could be planned as a look at all of them.
const IS_THERE_MORE: &str = "
    SELECT newest.xact_id >= (SELECT xact_id FROM transfer_chain_progress) AS is_there_more
      FROM (SELECT xact_id FROM transfers ORDER BY xact_id DESC LIMIT 1) AS newest";

/// No row while somebody else is at it.
const LOCK: &str = "SELECT xact_id::text FROM transfer_chain_progress FOR UPDATE SKIP LOCKED";

/// Before which transaction all are over, and which one is the last of so many transfers.
const HORIZON: &str = "
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon,
           (SELECT xact_id::text FROM transfers
             WHERE xact_id >= $1::text::xid8 AND xact_id < pg_snapshot_xmin(pg_current_snapshot())
             ORDER BY xact_id OFFSET $2 LIMIT 1) AS last";

static DUE: LazyLock<String> = LazyLock::new(|| {
    let (columns, entries) = (chain_record_row::COLUMNS, chain_record_row::ENTRIES);
    format!(
        "SELECT {columns}
           FROM (SELECT * FROM transfers WHERE xact_id >= $1::text::xid8 AND xact_id < $2::text::xid8
                  ORDER BY xact_id, id OFFSET 0) AS t {entries}
          ORDER BY t.xact_id, t.id"
    )
});

const TIPS: &str = "
    SELECT last.organization_id, last.block, last.hash
      FROM unnest($1::uuid[]) AS wanted (organization_id)
     CROSS JOIN LATERAL (SELECT organization_id, block, substr(hashes, length(hashes) - 31) AS hash
                           FROM transfer_chain WHERE organization_id = wanted.organization_id
                          ORDER BY block DESC LIMIT 1) AS last";

/// Blocks are cut out of one array of all transfers.
const APPEND: &str = "
    INSERT INTO transfer_chain (organization_id, block, transfer_ids, hashes)
    SELECT organization_id, block, ($1::uuid[])[first:last], hashes
      FROM unnest($2::uuid[], $3::bigint[], $4::int[], $5::int[], $6::bytea[])
           AS b (organization_id, block, first, last, hashes)";

const ADVANCE: &str = "UPDATE transfer_chain_progress SET xact_id = $1::text::xid8";

/// Appends to the chains. Any number may do so at once; they take turns.
pub struct PgTransferChain {
    database: Database,
    clock: Arc<dyn Clock>,
}

impl PgTransferChain {
    /// The chains of a database.
    pub const fn new(database: Database, clock: Arc<dyn Clock>) -> Self {
        Self { database, clock }
    }

    /// Chains about `limit` transfers at most (those of one transaction are chained together), and tells how many it were:
    /// 0 when there are none to be chained yet, or somebody else is at it.
    pub async fn extend(&self, limit: u16) -> Result<usize, StorageError> {
        let asked = self.database.query_opt(IS_THERE_MORE, &[]).await?;
        let asked = asked.map(|row| Columns::of(ENTITY, &row).get("is_there_more"));
        if !asked.unwrap_or(Ok(false))? {
            return Ok(0);
        }
        let client = self.database.connection().await?;
        let now = self.clock.now();
        let terms = Terms {
            deadline: self.database.deadline(),
            answers_kept_since: now,
            now,
        };
        let mut uow = PgUnitOfWork::new(
            client,
            &self.database,
            "BEGIN ISOLATION LEVEL READ COMMITTED",
            terms,
        );
        match extend_within(&mut uow, limit).await {
            Ok(0) => {
                uow.roll_back().await;
                Ok(0)
            }
            Ok(chained) => match uow.commit().await {
                Ok(Ok(_)) => Ok(chained),
                Ok(Err(_lost_race)) => Err(unavailable("somebody else has chained the same")),
                Err(in_doubt) => Err(in_doubt.why),
            },
            Err(error) => {
                uow.roll_back().await;
                Err(error)
            }
        }
    }
}

async fn extend_within(uow: &mut PgUnitOfWork, limit: u16) -> Result<usize, StorageError> {
    let Some(row) = uow.query_opt(LOCK, &[]).await? else {
        return Ok(0);
    };
    let from: String = Columns::of(ENTITY, &row).get("xact_id")?;
    let until = end_of_batch(uow, &from, limit).await?;
    let rows = uow.query(&DUE, &[&from, &until]).await?;
    let records = rows
        .iter()
        .map(complete_record)
        .collect::<Result<Vec<_>, _>>()?;
    if records.is_empty() {
        return Ok(0);
    }
    let tips = tips_of(uow, &records).await?;
    let blocks = blocks_of(&records, &tips);
    uow.defer(APPEND, values(&blocks));
    uow.defer(ADVANCE, vec![Box::new(until)]);
    Ok(records.len())
}

/// The first transaction that is left for another time.
async fn end_of_batch(
    uow: &mut PgUnitOfWork,
    from: &str,
    limit: u16,
) -> Result<String, StorageError> {
    let skipped = i64::from(limit.saturating_sub(1));
    let row = uow.query_opt(HORIZON, &[&from, &skipped]).await?;
    let row = row.ok_or_else(|| unavailable("PostgreSQL has no transactions"))?;
    let columns = Columns::of(ENTITY, &row);
    match columns.get::<Option<&str>>("last")? {
        Some(last) => {
            let last: Result<u64, ParseIntError> = last.parse();
            let last = last.map_err(|why| corrupt(ENTITY, why))?;
            Ok((last + 1).to_string())
        }
        None => columns.get("horizon"),
    }
}

fn complete_record(row: &Row) -> Result<ChainRecord, StorageError> {
    record_from(row)?.ok_or_else(|| corrupt("transfer", "it lacks an entry"))
}

async fn tips_of(
    uow: &mut PgUnitOfWork,
    records: &[ChainRecord],
) -> Result<BTreeMap<OrganizationId, ChainTip>, StorageError> {
    let owners: BTreeSet<Uuid> = records
        .iter()
        .map(|it| it.organization_id.as_uuid())
        .collect();
    let owners: Vec<Uuid> = owners.into_iter().collect();
    let rows = uow.query(TIPS, &[&owners]).await?;
    Ok(collect(&rows, tip_from)?.into_iter().collect())
}

fn tip_from(row: &Row) -> Result<(OrganizationId, ChainTip), StorageError> {
    let columns = Columns::of(ENTITY, row);
    let hash: &[u8] = columns.get("hash")?;
    let hash = hash.try_into().map_err(|why| corrupt(ENTITY, why))?;
    let tip = ChainTip {
        block: columns.get("block")?,
        hash: ChainHash(hash),
    };
    Ok((
        OrganizationId::from_uuid(columns.get("organization_id")?),
        tip,
    ))
}

/// The values of [`APPEND`].
fn values(blocks: &[ChainBlock]) -> Vec<OwnedParam> {
    let ids = blocks.iter().flat_map(|block| &block.transfer_ids);
    let ids: Vec<Uuid> = ids.map(TransferId::as_uuid).collect();
    let mut ends = Vec::with_capacity(blocks.len());
    let mut end = 0_i32;
    for block in blocks {
        let first = end + 1;
        end += i32::try_from(block.transfer_ids.len()).unwrap_or_default();
        ends.push((first, end));
    }
    let (firsts, lasts): (Vec<i32>, Vec<i32>) = ends.into_iter().unzip();
    let owners: Vec<Uuid> = blocks
        .iter()
        .map(|it| it.organization_id.as_uuid())
        .collect();
    let numbers: Vec<i64> = blocks.iter().map(|it| it.block).collect();
    let hashes: Vec<Vec<u8>> = blocks.iter().map(|it| it.hashes.clone()).collect();
    vec![
        Box::new(ids),
        Box::new(owners),
        Box::new(numbers),
        Box::new(firsts),
        Box::new(lasts),
        Box::new(hashes),
    ]
}
