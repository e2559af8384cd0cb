//! What payments have paid on which invoices, and what they may yet.

use app::ports::{InvoicePayment, InvoicePayments, StorageError};
use async_trait::async_trait;
use domain::{
    ids::{InvoiceId, OrganizationId},
    invoicing::PaidAmount,
};

use crate::{columns::Columns, unit_of_work::PgUnitOfWork};

const RUNNING: &str = "
    SELECT coalesce(sum(amount_minor), 0)::bigint AS running_minor FROM payments
     WHERE invoice_id = $2 AND organization_id = $1 AND status IN ('pending', 'processing', 'unknown')";

const IS_ANY_UNKNOWN: &str = "
    SELECT EXISTS (SELECT FROM payments
                    WHERE invoice_id = $2 AND organization_id = $1 AND status = 'unknown') AS is_any_unknown";

const APPLY: &str = "
    INSERT INTO invoice_payments (id, organization_id, invoice_id, payment_id, amount_minor, paid_at)
    VALUES ($1, $2, $3, $4, $5, $6)";

/// A refund follows a payment that was applied, so there is a row; its check refuses to give back more than was paid.
const TAKE_BACK: &str = "
    UPDATE invoice_payments SET refunded_minor = refunded_minor + $3 WHERE payment_id = $2 AND invoice_id = $1";

#[async_trait]
impl InvoicePayments for PgUnitOfWork {
    async fn running_minor(
        &mut self,
        organization_id: OrganizationId,
        invoice_id: InvoiceId,
    ) -> Result<i64, StorageError> {
        let params = [organization_id.as_uuid(), invoice_id.as_uuid()];
        let row = self.query_opt(RUNNING, &[&params[0], &params[1]]).await?;
        let running = row.map(|row| Columns::of("payment", &row).get("running_minor"));
        running.unwrap_or(Ok(0))
    }

    async fn is_any_unknown(
        &mut self,
        organization_id: OrganizationId,
        invoice_id: InvoiceId,
    ) -> Result<bool, StorageError> {
        let params = [organization_id.as_uuid(), invoice_id.as_uuid()];
        let row = self
            .query_opt(IS_ANY_UNKNOWN, &[&params[0], &params[1]])
            .await?;
        let found = row.map(|row| Columns::of("payment", &row).get("is_any_unknown"));
        found.unwrap_or(Ok(false))
    }

    async fn apply(&mut self, paid: InvoicePayment) -> Result<(), StorageError> {
        self.defer(
            APPLY,
            vec![
                Box::new(paid.id),
                Box::new(paid.organization_id.as_uuid()),
                Box::new(paid.invoice_id.as_uuid()),
                Box::new(paid.payment_id.map(|id| id.as_uuid())),
                Box::new(paid.amount_minor),
                Box::new(paid.paid_at),
            ],
        );
        Ok(())
    }

    async fn take_back(
        &mut self,
        invoice_id: InvoiceId,
        given_back: PaidAmount,
    ) -> Result<(), StorageError> {
        self.defer(
            TAKE_BACK,
            vec![
                Box::new(invoice_id.as_uuid()),
                Box::new(given_back.payment_id.as_uuid()),
                Box::new(given_back.amount_minor),
            ],
        );
        Ok(())
    }
}
