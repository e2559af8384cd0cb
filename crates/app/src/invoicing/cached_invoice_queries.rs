//! Invoices from the cache, and from storage when the cache does not know them.

use std::sync::Arc;

use async_trait::async_trait;
use domain::ids::{InvoiceId, OrganizationId};

use super::{InvoiceEntry, InvoiceView, SummaryRow, TimelineEntry};
use crate::{
    caching::{CacheInvalidation, CachedLookUp, Source},
    paging::{Listing, Window},
    ports::{AggregateKind, InvoiceCache, InvoiceFilter, InvoiceKey, InvoiceQueries, StorageError},
};

/// Decorates the query port with a cache. Use cases and endpoints do not know of it.
pub struct CachedInvoiceQueries {
    storage: Arc<dyn InvoiceQueries>,
    look_up: CachedLookUp<InvoiceKey, InvoiceView>,
}

struct StoredInvoices(Arc<dyn InvoiceQueries>);

#[async_trait]
impl Source<InvoiceKey, InvoiceView> for StoredInvoices {
    async fn read(
        &self,
        (organization_id, id): &InvoiceKey,
    ) -> Result<Option<Arc<InvoiceView>>, StorageError> {
        self.0.find(*organization_id, *id).await
    }
}

impl CachedInvoiceQueries {
    /// A cache in front of the storage. Metrics have to be set up before: what counts is found once.
    pub fn new(storage: Arc<dyn InvoiceQueries>, cache: Arc<InvoiceCache>) -> Self {
        let stored = Arc::new(StoredInvoices(Arc::clone(&storage)));
        Self {
            storage,
            look_up: CachedLookUp::new("invoices", stored, cache),
        }
    }

    /// What has to hear of every commit for the cache to be right.
    pub fn invalidation(&self) -> CacheInvalidation<InvoiceKey, InvoiceView> {
        self.look_up.invalidation(AggregateKind::Invoice, |it| {
            (it.organization_id, InvoiceId::from_uuid(it.id))
        })
    }
}

#[async_trait]
impl InvoiceQueries for CachedInvoiceQueries {
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: InvoiceId,
    ) -> Result<Option<Arc<InvoiceView>>, StorageError> {
        self.look_up.find((organization_id, id)).await
    }

    async fn list(
        &self,
        organization_id: OrganizationId,
        filter: &InvoiceFilter,
        window: Window,
    ) -> Result<Listing<InvoiceEntry>, StorageError> {
        self.storage.list(organization_id, filter, window).await
    }

    async fn timeline(
        &self,
        organization_id: OrganizationId,
        id: InvoiceId,
        window: Window,
    ) -> Result<Option<Listing<TimelineEntry>>, StorageError> {
        self.storage.timeline(organization_id, id, window).await
    }

    async fn summary(
        &self,
        organization_id: OrganizationId,
    ) -> Result<Vec<SummaryRow>, StorageError> {
        self.storage.summary(organization_id).await
    }
}

#[cfg(test)]
mod tests;
