//! Rows of `account_standings`.

use app::ports::StorageError;
use domain::{
    ids::{AccountId, OrganizationId},
    ledger::{AccountStatus, Folio, OverdraftLimit, Shard, Standing},
    values::Currency,
    version::Version,
};
use tokio_postgres::Row;

use crate::columns::Columns;

/// The pages of these folios, by an array of accounts and one of shards.
pub(super) const FIND: &str = "
    SELECT s.account_id, s.shard, s.organization_id, s.currency, s.status, s.overdraft_limit_minor, s.balance_minor,
           s.held_minor, s.last_sequence, s.last_entry_at, s.version
      FROM unnest($1::uuid[], $2::smallint[]) AS wanted (account_id, shard)
      JOIN account_standings AS s ON s.account_id = wanted.account_id AND s.shard = wanted.shard";

/// The same, locked in their order.
pub(super) const LOCK: &str = "
    SELECT s.account_id, s.shard, s.organization_id, s.currency, s.status, s.overdraft_limit_minor, s.balance_minor,
           s.held_minor, s.last_sequence, s.last_entry_at, s.version
      FROM account_standings AS s
     WHERE (s.account_id, s.shard) IN (SELECT * FROM unnest($1::uuid[], $2::smallint[]))
     ORDER BY s.account_id, s.shard
       FOR UPDATE";

/// The same where rows are looked up one after the other, in the order in which they are given, which MUST be theirs.
pub(super) const LOCK_ROW_BY_ROW: &str = "
    SELECT s.account_id, s.shard, s.organization_id, s.currency, s.status, s.overdraft_limit_minor, s.balance_minor,
           s.held_minor, s.last_sequence, s.last_entry_at, s.version
      FROM unnest($1::uuid[], $2::smallint[]) AS wanted (account_id, shard)
      JOIN account_standings AS s ON s.account_id = wanted.account_id AND s.shard = wanted.shard
       FOR UPDATE OF s";

/// Those of these pages that nobody keeps locked.
pub(super) const LOCK_WHAT_IS_FREE: &str = "
    SELECT s.account_id, s.shard
      FROM account_standings AS s
     WHERE (s.account_id, s.shard) IN (SELECT * FROM unnest($1::uuid[], $2::smallint[]))
       FOR UPDATE SKIP LOCKED";

pub(super) fn folio_from(row: &Row) -> Result<Folio, StorageError> {
    let columns = Columns::of("standing", row);
    Ok(Folio {
        account_id: AccountId::from_uuid(columns.get("account_id")?),
        shard: Shard::new(columns.get("shard")?),
    })
}

pub(super) fn standing_from(row: &Row) -> Result<Standing, StorageError> {
    let columns = Columns::of("standing", row);
    let limit: Option<i64> = columns.get("overdraft_limit_minor")?;
    Ok(Standing {
        folio: folio_from(row)?,
        organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
        currency: columns.parse("currency", Currency::restore)?,
        status: columns.parse("status", AccountStatus::parse)?,
        overdraft_limit: limit.map_or(OverdraftLimit::Unlimited, OverdraftLimit::Minor),
        balance_minor: columns.get("balance_minor")?,
        held_minor: columns.get("held_minor")?,
        last_sequence: columns.get("last_sequence")?,
        last_entry_at: columns.get("last_entry_at")?,
        version: Version::new(columns.get("version")?),
    })
}

/// Folios as two arrays.
pub(super) fn arrays(folios: &[Folio]) -> (Vec<uuid::Uuid>, Vec<i16>) {
    let pair = |folio: &Folio| (folio.account_id.as_uuid(), folio.shard.as_i16());
    folios.iter().map(pair).unzip()
}
