//! The redemptions of a transaction.

use std::sync::LazyLock;

use app::ports::{RedemptionRepository, StorageError, VoucherClaim};
use async_trait::async_trait;
use domain::{
    ids::{InvoiceId, OrganizationId},
    vouchers::{Reason, Redemption, RedemptionFacts},
};

use super::redemption_row::{COLUMNS, changing_columns, fixed_columns, redemption_from};
use crate::unit_of_work::PgUnitOfWork;

static LIST_OF_INVOICE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM voucher_redemptions
          WHERE invoice_id = $2 AND released_at IS NULL AND organization_id = $1 ORDER BY id FOR UPDATE"
    )
});

const INSERT: &str = "
    INSERT INTO voucher_redemptions (organization_id, id, customer_id, email, holder, amount_minor, released_at, updated_at,
                                     version, currency, voucher_id, code, campaign_id, invoice_id, account_id, transfer_id,
                                     redeemed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

const UPDATE: &str = "
    UPDATE voucher_redemptions
       SET customer_id = $3, email = $4, holder = $5, amount_minor = $6, released_at = $7, updated_at = $8, version = $9,
           currency = $10
     WHERE organization_id = $1 AND id = $2";

#[async_trait]
impl RedemptionRepository for PgUnitOfWork {
    async fn claim(&mut self, claim: &VoucherClaim) -> Result<Option<Reason>, StorageError> {
        self.count(claim).await
    }

    async fn adjust(
        &mut self,
        before: &RedemptionFacts,
        after: &VoucherClaim,
    ) -> Result<Option<Reason>, StorageError> {
        self.recount_one(before, after).await
    }

    async fn give_back(&mut self, redemption: &RedemptionFacts) -> Result<(), StorageError> {
        self.uncount(redemption);
        Ok(())
    }

    async fn list_of_invoice(
        &mut self,
        organization_id: OrganizationId,
        invoice_id: InvoiceId,
    ) -> Result<Vec<Redemption>, StorageError> {
        let params = [organization_id.as_uuid(), invoice_id.as_uuid()];
        let rows = self
            .query(&LIST_OF_INVOICE, &[&params[0], &params[1]])
            .await?;
        rows.iter()
            .map(|row| redemption_from(row).map(Redemption::restore))
            .collect()
    }

    async fn insert(&mut self, redemption: &Redemption) -> Result<(), StorageError> {
        let mut columns = changing_columns(redemption.facts());
        columns.extend(fixed_columns(redemption.facts()));
        self.defer(INSERT, columns);
        Ok(())
    }

    async fn update(&mut self, redemption: &Redemption) -> Result<(), StorageError> {
        self.defer(UPDATE, changing_columns(redemption.facts()));
        Ok(())
    }
}
