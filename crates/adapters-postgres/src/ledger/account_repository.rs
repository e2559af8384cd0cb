//! The accounts of a transaction.

use std::sync::LazyLock;

use app::ports::{AccountRepository, StorageError};
use async_trait::async_trait;
use domain::{
    ids::{AccountId, OrganizationId},
    ledger::Account,
};

use super::account_row::{COLUMNS, account_from, changing_columns, lasting_columns};
use crate::unit_of_work::PgUnitOfWork;

/// The one page of an account, or the first of a system account.
static FIND_FOR_UPDATE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS}, s.account_id, s.shard, s.status, s.overdraft_limit_minor, s.balance_minor, s.held_minor,
                s.last_sequence, s.last_entry_at, s.version
           FROM accounts AS a
           JOIN account_standings AS s ON s.account_id = a.id AND s.shard <= 1
          WHERE a.organization_id = $1 AND a.id = $2
            FOR UPDATE"
    )
});

/// Nothing is on a new account, and nobody has written on it.
const INSERT: &str = "
    WITH opened AS (
        INSERT INTO accounts (id, organization_id, name, metadata, updated_at, version, owner, currency, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $10, $11, $12))
    INSERT INTO account_standings (account_id, shard, organization_id, currency, status, overdraft_limit_minor,
                                   balance_minor, held_minor, last_sequence, last_entry_at, version)
    VALUES ($1, 0, $2, $11, $7, $8, 0, 0, 0, $12, $9)";

const UPDATE: &str = "
    WITH changed AS (
        UPDATE accounts SET name = $3, metadata = $4, updated_at = $5, version = $6
         WHERE organization_id = $2 AND id = $1)
    UPDATE account_standings SET status = $7, overdraft_limit_minor = $8, version = $9
     WHERE account_id = $1 AND shard = 0";

#[async_trait]
impl AccountRepository for PgUnitOfWork {
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: AccountId,
    ) -> Result<Option<Account>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .query_opt(&FIND_FOR_UPDATE, &[&params[0], &params[1]])
            .await?;
        row.as_ref().map(account_from).transpose()
    }

    async fn insert(&mut self, account: &Account) -> Result<(), StorageError> {
        let mut columns = changing_columns(account);
        columns.extend(lasting_columns(account));
        self.defer(INSERT, columns);
        Ok(())
    }

    /// Both rows are locked, so they are there.
    async fn update(&mut self, account: &Account) -> Result<(), StorageError> {
        self.defer(UPDATE, changing_columns(account));
        Ok(())
    }
}
