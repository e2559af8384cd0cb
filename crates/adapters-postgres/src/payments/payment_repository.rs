//! The payments of a transaction.

use std::sync::LazyLock;

use app::ports::{PaymentRepository, Saved, StorageError};
use async_trait::async_trait;
use domain::{
    ids::{AccountId, OrganizationId, PaymentId},
    payments::Payment,
    version::Version,
};

use super::payment_row::{COLUMNS, changing_columns, fixed_columns, payment_from};
use crate::{
    columns::Columns,
    unit_of_work::{OwnedParam, PgUnitOfWork, borrowed},
};

static FIND_FOR_UPDATE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM payments WHERE organization_id = $1 AND id = $2 FOR UPDATE",
        COLUMNS = *COLUMNS
    )
});

static INSERT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "INSERT INTO payments ({COLUMNS})
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
                 $24, $25, $26, $27)",
        COLUMNS = *COLUMNS
    )
});

const SAVE: &str = "
    UPDATE payments
       SET status = $4, hold_id = $5, attempts = $6, due_at = $7, unknown_since = $8, checks = $9, answer_code = $10,
           provider_reference = $11, ended_at = $12, refunded_minor = $13, refunding_minor = $14, updated_at = $15,
           version = $16
     WHERE organization_id = $1 AND id = $2 AND version = $3";

const IS_AWAITED: &str = "
    SELECT EXISTS (SELECT FROM payments
                    WHERE destination_account_id = $2 AND organization_id = $1 AND due_at IS NOT NULL)
        OR EXISTS (SELECT FROM payments
                    WHERE source_account_id = $2 AND organization_id = $1 AND refunding_minor > 0) AS is_awaited";

#[async_trait]
impl PaymentRepository for PgUnitOfWork {
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: PaymentId,
    ) -> Result<Option<Payment>, StorageError> {
        let found = self
            .query_opt(
                &FIND_FOR_UPDATE,
                &[&organization_id.as_uuid(), &id.as_uuid()],
            )
            .await?;
        let facts = found.as_ref().map(payment_from).transpose()?;
        Ok(facts.map(Payment::restore))
    }

    async fn insert(&mut self, payment: &Payment) -> Result<(), StorageError> {
        let mut columns = fixed_columns(payment.facts());
        columns.extend(changing_columns(payment.facts()));
        self.defer(&INSERT, columns);
        Ok(())
    }

    async fn is_awaited(
        &mut self,
        organization_id: OrganizationId,
        account_id: AccountId,
    ) -> Result<bool, StorageError> {
        let params = [organization_id.as_uuid(), account_id.as_uuid()];
        let row = self
            .query_opt(IS_AWAITED, &[&params[0], &params[1]])
            .await?;
        let found = row.map(|row| Columns::of("payment", &row).get("is_awaited"));
        found.unwrap_or(Ok(false))
    }

    async fn save(&mut self, payment: &Payment, before: Version) -> Result<Saved, StorageError> {
        let facts = payment.facts();
        let mut columns: Vec<OwnedParam> = vec![
            Box::new(facts.organization_id.as_uuid()),
            Box::new(facts.id.as_uuid()),
            Box::new(before.as_i64()),
        ];
        columns.extend(changing_columns(facts));
        self.execute(SAVE, &borrowed(&columns)).await.map(saved)
    }
}

/// A row was written, or nobody was there who had the version.
pub(super) const fn saved(rows: u64) -> Saved {
    match rows {
        0 => Saved::Fenced,
        _ => Saved::Stored,
    }
}
