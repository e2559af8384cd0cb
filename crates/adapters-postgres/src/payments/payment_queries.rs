//! Payments, for reading.

use std::sync::LazyLock;

use app::{
    paging::{Listing, Window},
    payments::{InvoicePaymentView, PaymentHistoryEntry},
    ports::{PaymentFilter, PaymentQueries, StorageError},
};
use async_trait::async_trait;
use domain::{
    ids::{InvoiceId, OrganizationId, PaymentId, RefundId},
    payments::{PaymentFacts, RefundFacts},
};

use super::{
    payment_history::{exists, read_history},
    payment_list::read_list,
    payment_row::{COLUMNS, payment_from},
    refund_queries,
};
use crate::database::Database;

static FIND: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM payments WHERE organization_id = $1 AND id = $2",
        *COLUMNS
    )
});

/// Reads payments.
pub struct PgPaymentQueries {
    database: Database,
}

impl PgPaymentQueries {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl PaymentQueries for PgPaymentQueries {
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: PaymentId,
    ) -> Result<Option<PaymentFacts>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .database
            .query_opt(&FIND, &[&params[0], &params[1]])
            .await?;
        row.as_ref().map(payment_from).transpose()
    }

    async fn list(
        &self,
        organization_id: OrganizationId,
        filter: &PaymentFilter,
        window: Window,
    ) -> Result<Listing<PaymentFacts>, StorageError> {
        let read =
            async |database: Database| read_list(&database, organization_id, filter, window).await;
        self.database.read_list(read).await
    }

    async fn history(
        &self,
        organization_id: OrganizationId,
        id: PaymentId,
        window: Window,
    ) -> Result<Option<Listing<PaymentHistoryEntry>>, StorageError> {
        read_history(&self.database, organization_id, id, window).await
    }

    async fn find_refund(
        &self,
        organization_id: OrganizationId,
        payment_id: PaymentId,
        id: RefundId,
    ) -> Result<Option<RefundFacts>, StorageError> {
        refund_queries::find_refund(&self.database, organization_id, payment_id, id).await
    }

    async fn list_refunds(
        &self,
        organization_id: OrganizationId,
        id: PaymentId,
        window: Window,
    ) -> Result<Option<Listing<RefundFacts>>, StorageError> {
        if !exists(&self.database, organization_id, id).await? {
            return Ok(None);
        }
        let refunds = refund_queries::list_refunds(&self.database, organization_id, id, window);
        refunds.await.map(Some)
    }

    async fn list_of_invoice(
        &self,
        organization_id: OrganizationId,
        id: InvoiceId,
        window: Window,
    ) -> Result<Option<Listing<InvoicePaymentView>>, StorageError> {
        refund_queries::list_of_invoice(&self.database, organization_id, id, window).await
    }
}
