//! The journal of a transaction.

use app::ports::{AggregateKind, Journal, PostingBatch, StorageError, SystemAccountOf, Touched};
use async_trait::async_trait;
use domain::{
    ids::{AccountId, OrganizationId, TransferId},
    ledger::{Folio, PostedTransfer, Standing},
    version::Version,
};
use tokio_postgres::types::ToSql;

use super::{
    posting_statement,
    standing_row::{self, arrays},
    system_accounts,
    transfer_row::{FIND, transfer_from},
};
use crate::{columns::Columns, error::unavailable, listing::collect, unit_of_work::PgUnitOfWork};

const IS_REVERSED: &str = "SELECT EXISTS (SELECT FROM transfers WHERE organization_id = $1 AND reverses = $2) AS is_reversed";

#[async_trait]
impl Journal for PgUnitOfWork {
    async fn system_accounts(
        &mut self,
        accounts: &[(SystemAccountOf, AccountId)],
    ) -> Result<Vec<AccountId>, StorageError> {
        if let Some(known) = self.systems.find_all(accounts) {
            return Ok(known);
        }
        self.find_row_by_row();
        let params = system_accounts::params(accounts, self.terms().now);
        let params = params
            .each_ref()
            .map(|param| -> &(dyn ToSql + Sync) { param.as_ref() });
        for _attempt in 0..system_accounts::ATTEMPTS_MAX {
            let rows = self.query(system_accounts::FIND_OR_MAKE, &params).await?;
            if let Some(ids) = system_accounts::ids_of(&rows)? {
                self.met_systems.note(accounts, &ids, &self.systems);
                return Ok(ids);
            }
        }
        Err(unavailable("a system account is being made all the time"))
    }

    async fn lock(&mut self, folios: &[Folio]) -> Result<Vec<Standing>, StorageError> {
        self.find_row_by_row();
        let (accounts, shards) = arrays(folios);
        let rows = self
            .query(standing_row::LOCK, &[&accounts, &shards])
            .await?;
        let found = collect(&rows, standing_row::standing_from)?;
        if Folio::is_system_lost(folios, &found) {
            self.systems.forget();
            return Err(unavailable("a system account is not where it was"));
        }
        Ok(found)
    }

    async fn write(&mut self, batch: PostingBatch) -> Result<(), StorageError> {
        for line in &batch.lines {
            self.touch(Touched {
                kind: AggregateKind::Transfer,
                organization_id: line.transfer.order.organization_id,
                id: line.transfer.order.id.as_uuid(),
                version: Version::FIRST,
            });
        }
        let values = posting_statement::values(&batch, self.terms().now)?;
        self.defer(posting_statement::of(&batch), values);
        Ok(())
    }

    async fn find(
        &mut self,
        organization_id: OrganizationId,
        id: TransferId,
    ) -> Result<Option<PostedTransfer>, StorageError> {
        let found = self
            .query_opt(&FIND, &[&organization_id.as_uuid(), &id.as_uuid()])
            .await?;
        found.as_ref().map(transfer_from).transpose()
    }

    async fn is_reversed(
        &mut self,
        organization_id: OrganizationId,
        id: TransferId,
    ) -> Result<bool, StorageError> {
        let asked = self
            .query_opt(IS_REVERSED, &[&organization_id.as_uuid(), &id.as_uuid()])
            .await?;
        let is_reversed = asked.map(|row| Columns::of("transfer", &row).get("is_reversed"));
        is_reversed.unwrap_or(Ok(false))
    }
}
