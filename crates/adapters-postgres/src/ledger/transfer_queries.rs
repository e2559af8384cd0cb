//! Transfers, for reading.

use app::{
    paging::{Listing, Window},
    ports::{StorageError, TransferFilter, TransferQueries},
};
use async_trait::async_trait;
use domain::{
    ids::{AccountId, OrganizationId, TransferId},
    ledger::PostedTransfer,
};

use super::{
    entry_walk::{EntryWalk, position_of},
    transfer_list::{self, SIDES},
    transfer_row::{COLUMNS, FIND, transfer_from},
};
use crate::{
    database::Database,
    listing::{Bounds, collect, total_of},
};

/// Reads transfers.
pub struct PgTransferQueries {
    database: Database,
}

impl PgTransferQueries {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }

    /// Through the entries of the account.
    async fn list_of_account(
        &self,
        walk: EntryWalk,
        account_id: AccountId,
        window: Window,
    ) -> Result<Listing<PostedTransfer>, StorageError> {
        let bounds = Bounds::of(window);
        let total = if bounds.is_counted {
            let (sql, walk) = walk.clone().count_text();
            let rows = walk.ask(&self.database, &sql).await?;
            rows.first().map(|row| total_of(row.get(0)))
        } else {
            None
        };
        let (entries, walk) = walk.piece_text(&bounds);
        let sql = format!(
            "SELECT {COLUMNS}
               FROM {entries}
              CROSS JOIN LATERAL (SELECT * FROM transfers
                                   WHERE organization_id = $1 AND id = entry.transfer_id LIMIT 1) AS t {SIDES}
              ORDER BY entry.created_at DESC, entry.shard DESC, entry.sequence DESC"
        );
        let rows = walk.ask(&self.database, &sql).await?;
        let position_of = |PostedTransfer { posting, .. }: &PostedTransfer| {
            let is_source = posting.source.folio.account_id == account_id;
            let entry = if is_source {
                &posting.source
            } else {
                &posting.destination
            };
            position_of(entry, posting.posted_at)
        };
        Ok(bounds.listing(collect(&rows, transfer_from)?, position_of, total))
    }

    async fn list_here(
        &self,
        organization_id: OrganizationId,
        filter: &TransferFilter,
        window: Window,
    ) -> Result<Listing<PostedTransfer>, StorageError> {
        let TransferFilter { from, to, kind, .. } = *filter;
        match filter.account_id {
            // A reference is shared by few transfers, and has an index.
            Some(account_id) if filter.reference.is_none() => {
                let mut walk = EntryWalk::of(organization_id, account_id);
                walk.between(from, to);
                if let Some(kind) = kind {
                    walk.of_kind(kind);
                }
                self.list_of_account(walk, account_id, window).await
            }
            Some(_) | None => {
                transfer_list::read_by_id(&self.database, organization_id, filter, window).await
            }
        }
    }
}

#[async_trait]
impl TransferQueries for PgTransferQueries {
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: TransferId,
    ) -> Result<Option<PostedTransfer>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .database
            .query_opt(&FIND, &[&params[0], &params[1]])
            .await?;
        row.as_ref().map(transfer_from).transpose()
    }

    async fn list(
        &self,
        organization_id: OrganizationId,
        filter: &TransferFilter,
        window: Window,
    ) -> Result<Listing<PostedTransfer>, StorageError> {
        let read = async |database: Database| {
            let there = Self::new(database);
            there.list_here(organization_id, filter, window).await
        };
        self.database.read_list(read).await
    }
}
