//! Entries, for reading.

use app::{
    ledger::AccountEntry,
    paging::{Listing, Window},
    ports::{EntryDirection, EntryFilter, EntryQueries, StorageError},
};
use async_trait::async_trait;
use domain::{
    ids::{AccountId, OrganizationId, TransferId},
    ledger::{Entry, Folio, Shard, TransferDescription, TransferKind},
};
use tokio_postgres::Row;

use super::entry_walk::{EntryWalk, NEWEST_FIRST, position_of};
use crate::{
    columns::Columns,
    database::Database,
    listing::{Bounds, collect, total_of},
};

const EXISTS: &str = "SELECT FROM accounts WHERE organization_id = $1 AND id = $2";

/// Reads entries.
pub struct PgEntryQueries {
    database: Database,
}

impl PgEntryQueries {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }

    async fn is_there(
        &self,
        organization_id: OrganizationId,
        id: AccountId,
    ) -> Result<bool, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let found = self
            .database
            .query_opt(EXISTS, &[&params[0], &params[1]])
            .await?;
        Ok(found.is_some())
    }
}

#[async_trait]
impl EntryQueries for PgEntryQueries {
    async fn list(
        &self,
        organization_id: OrganizationId,
        account_id: AccountId,
        filter: &EntryFilter,
        window: Window,
    ) -> Result<Option<Listing<AccountEntry>>, StorageError> {
        let bounds = Bounds::of(window);
        let walk = walk(organization_id, account_id, filter);
        let total = if bounds.is_counted {
            let (sql, walk) = walk.clone().count_text();
            let rows = walk.ask(&self.database, &sql).await?;
            rows.first().map(|row| total_of(row.get(0)))
        } else {
            None
        };
        let (entries, walk) = walk.piece_text(&bounds);
        let sql = format!(
            "SELECT entry.*, t.kind, t.description
               FROM {entries}
              CROSS JOIN LATERAL (SELECT kind, description FROM transfers
                                   WHERE organization_id = $1 AND id = entry.transfer_id LIMIT 1) AS t
              ORDER BY {NEWEST_FIRST}"
        );
        let rows = walk.ask(&self.database, &sql).await?;
        if rows.is_empty() && !self.is_there(organization_id, account_id).await? {
            return Ok(None);
        }
        let position_of = |it: &AccountEntry| position_of(&it.entry, it.created_at);
        let entries = collect(&rows, entry_from)?;
        Ok(Some(bounds.listing(entries, position_of, total)))
    }
}

fn walk(organization_id: OrganizationId, account_id: AccountId, filter: &EntryFilter) -> EntryWalk {
    let mut walk = EntryWalk::of(organization_id, account_id);
    walk.between(filter.from, filter.to);
    if let Some(kind) = filter.kind {
        walk.of_kind(kind);
    }
    match filter.direction {
        None => {}
        Some(EntryDirection::Credit) => walk.and_amount("amount_minor > 0"),
        Some(EntryDirection::Debit) => walk.and_amount("amount_minor < 0"),
    }
    walk
}

fn entry_from(row: &Row) -> Result<AccountEntry, StorageError> {
    let columns = Columns::of("entry", row);
    let entry = Entry {
        folio: Folio {
            account_id: AccountId::from_uuid(columns.get("account_id")?),
            shard: Shard::new(columns.get("shard")?),
        },
        sequence: columns.get("sequence")?,
        amount_minor: columns.get("amount_minor")?,
        balance_after_minor: columns.get("balance_after_minor")?,
    };
    Ok(AccountEntry {
        entry,
        transfer_id: TransferId::from_uuid(columns.get("transfer_id")?),
        kind: columns.parse("kind", TransferKind::parse)?,
        description: columns.parse_optional("description", TransferDescription::parse)?,
        created_at: columns.get("created_at")?,
    })
}
