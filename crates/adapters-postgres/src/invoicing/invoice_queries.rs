//! Invoices, for reading.

use std::sync::Arc;

use app::{
    invoicing::{InvoiceEntry, InvoiceView, SummaryRow, TimelineEntry},
    paging::{Listing, Window},
    ports::{InvoiceFilter, InvoiceQueries, StorageError},
};
use async_trait::async_trait;
use domain::ids::{InvoiceId, OrganizationId};

use super::{
    invoice_list::{Bearings, read_list},
    invoice_row::view_from,
    summary::read_summary,
    timeline::read_timeline,
};
use crate::database::Database;

/// Reads invoices.
pub struct PgInvoiceQueries {
    database: Database,
    bearings: Bearings,
    find: String,
}

impl PgInvoiceQueries {
    /// Those of a database.
    pub fn new(database: Database) -> Self {
        let columns = super::invoice_row::VIEW_COLUMNS;
        Self {
            database,
            bearings: Bearings::default(),
            find: format!("SELECT {columns} FROM invoices WHERE organization_id = $1 AND id = $2"),
        }
    }
}

#[async_trait]
impl InvoiceQueries for PgInvoiceQueries {
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: InvoiceId,
    ) -> Result<Option<Arc<InvoiceView>>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .database
            .query_opt(&self.find, &[&params[0], &params[1]])
            .await?;
        let view = row.as_ref().map(view_from).transpose()?;
        Ok(view.map(Arc::new))
    }

    async fn list(
        &self,
        organization_id: OrganizationId,
        filter: &InvoiceFilter,
        window: Window,
    ) -> Result<Listing<InvoiceEntry>, StorageError> {
        let read = async |database: Database| {
            let source = (&database, &self.bearings);
            read_list(source, organization_id, filter, window).await
        };
        self.database.read_list(read).await
    }

    async fn timeline(
        &self,
        organization_id: OrganizationId,
        id: InvoiceId,
        window: Window,
    ) -> Result<Option<Listing<TimelineEntry>>, StorageError> {
        read_timeline(&self.database, organization_id, id, window).await
    }

    async fn summary(
        &self,
        organization_id: OrganizationId,
    ) -> Result<Vec<SummaryRow>, StorageError> {
        read_summary(&self.database, organization_id).await
    }
}
