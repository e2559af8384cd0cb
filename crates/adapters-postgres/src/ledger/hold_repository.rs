//! The holds of a transaction.

use std::sync::LazyLock;

use app::ports::{HoldPlace, HoldRepository, StorageError};
use async_trait::async_trait;
use domain::{
    ids::{HoldId, OrganizationId},
    ledger::Hold,
};
use jiff::Timestamp;

use super::{
    expired_holds::list_expired,
    hold_row::{COLUMNS, changing_columns, fixed_columns, hold_from},
};
use crate::unit_of_work::{OwnedParam, PgUnitOfWork};

static FIND_FOR_UPDATE: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {COLUMNS} FROM holds WHERE organization_id = $1 AND id = $2 FOR UPDATE")
});

const INSERT: &str = "
    INSERT INTO holds (id, organization_id, account_id, destination_account_id, amount_minor, currency, description,
                       reference, metadata, expires_at, payment_id, created_at, status, captured_minor, transfer_id,
                       resolved_at, updated_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";

/// The row is locked, so it is there.
const UPDATE: &str = "
    UPDATE holds
       SET status = $3, captured_minor = $4, transfer_id = $5, resolved_at = $6, updated_at = $7, version = $8
     WHERE id = $1 AND organization_id = $2";

#[async_trait]
impl HoldRepository for PgUnitOfWork {
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: HoldId,
    ) -> Result<Option<Hold>, StorageError> {
        let found = self
            .query_opt(
                &FIND_FOR_UPDATE,
                &[&organization_id.as_uuid(), &id.as_uuid()],
            )
            .await?;
        let facts = found.as_ref().map(hold_from).transpose()?;
        Ok(facts.map(Hold::restore))
    }

    async fn insert(&mut self, hold: &Hold) -> Result<(), StorageError> {
        let mut columns = fixed_columns(hold.facts());
        columns.extend(changing_columns(hold.facts()));
        self.defer(INSERT, columns);
        Ok(())
    }

    async fn update(&mut self, hold: &Hold) -> Result<(), StorageError> {
        let facts = hold.facts();
        let mut columns: Vec<OwnedParam> = vec![
            Box::new(facts.id.as_uuid()),
            Box::new(facts.organization_id.as_uuid()),
        ];
        columns.extend(changing_columns(facts));
        self.defer(UPDATE, columns);
        Ok(())
    }

    async fn list_expired_for_update(
        &mut self,
        now: Timestamp,
        after: Option<HoldPlace>,
        limit: i64,
    ) -> Result<Vec<Hold>, StorageError> {
        list_expired(self, now, after, limit).await
    }
}
