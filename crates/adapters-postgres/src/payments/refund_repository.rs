//! The refunds of a transaction.

use std::sync::LazyLock;

use app::ports::{RefundRepository, Saved, StorageError};
use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, RefundId},
    payments::Refund,
    version::Version,
};

use super::{
    payment_repository::saved,
    refund_row::{COLUMNS, changing_columns, fixed_columns, refund_from},
};
use crate::unit_of_work::{OwnedParam, PgUnitOfWork, borrowed};

static FIND_FOR_UPDATE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM refunds WHERE organization_id = $1 AND id = $2 FOR UPDATE",
        COLUMNS = *COLUMNS
    )
});

/// A trigger refuses what would be more than the payment. What is due is found by the provider, which is that of the payment.
static INSERT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "INSERT INTO refunds ({COLUMNS}, provider)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
                 (SELECT provider FROM payments WHERE organization_id = $1 AND id = $3))",
        COLUMNS = *COLUMNS
    )
});

const SAVE: &str = "
    UPDATE refunds
       SET status = $4, hold_id = $5, attempts = $6, due_at = $7, unknown_since = $8, checks = $9, answer_code = $10,
           provider_reference = $11, ended_at = $12, updated_at = $13, version = $14
     WHERE organization_id = $1 AND id = $2 AND version = $3";

#[async_trait]
impl RefundRepository for PgUnitOfWork {
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: RefundId,
    ) -> Result<Option<Refund>, StorageError> {
        let found = self
            .query_opt(
                &FIND_FOR_UPDATE,
                &[&organization_id.as_uuid(), &id.as_uuid()],
            )
            .await?;
        let facts = found.as_ref().map(refund_from).transpose()?;
        Ok(facts.map(Refund::restore))
    }

    async fn insert(&mut self, refund: &Refund) -> Result<(), StorageError> {
        let mut columns = fixed_columns(refund.facts());
        columns.extend(changing_columns(refund.facts()));
        self.defer(&INSERT, columns);
        Ok(())
    }

    async fn save(&mut self, refund: &Refund, before: Version) -> Result<Saved, StorageError> {
        let facts = refund.facts();
        let mut columns: Vec<OwnedParam> = vec![
            Box::new(facts.organization_id.as_uuid()),
            Box::new(facts.id.as_uuid()),
            Box::new(before.as_i64()),
        ];
        columns.extend(changing_columns(facts));
        self.execute(SAVE, &borrowed(&columns)).await.map(saved)
    }
}
