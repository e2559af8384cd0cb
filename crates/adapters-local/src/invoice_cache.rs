//! Invoices remembered in this process.

use std::sync::Arc;

use app::{
    invoicing::InvoiceView,
    ports::{CacheAnswer, CacheError, InvoiceCache, Offer},
};
use async_trait::async_trait;
use domain::{
    ids::{InvoiceId, OrganizationId},
    version::Version,
};

use crate::version_memory::{CacheLimits, Key, Remembered, VersionMemory};

mod weight;

impl Key for (OrganizationId, InvoiceId) {
    /// The last byte of an id of version 7 is random.
    fn spread(&self) -> u8 {
        let [.., byte] = self.1.as_uuid().into_bytes();
        byte
    }
}

impl Remembered for InvoiceView {
    fn version(&self) -> Version {
        Version::new(self.entry.version)
    }

    fn weight_bytes(&self) -> usize {
        weight::of(self)
    }
}

/// Remembers invoices in this process only: for a deployment of one.
pub struct LocalInvoiceCache(VersionMemory<(OrganizationId, InvoiceId), InvoiceView>);

impl LocalInvoiceCache {
    /// An empty cache.
    pub fn new(limits: CacheLimits) -> Self {
        Self(VersionMemory::new(limits))
    }

    /// About how much memory is used, in bytes.
    pub fn weight_bytes(&self) -> usize {
        self.0.weight_bytes()
    }
}

#[async_trait]
impl InvoiceCache for LocalInvoiceCache {
    fn is_shared(&self) -> bool {
        false
    }

    async fn get(
        &self,
        organization_id: OrganizationId,
        id: InvoiceId,
    ) -> Result<CacheAnswer, CacheError> {
        Ok(self.0.get(&(organization_id, id)))
    }

    async fn offer(
        &self,
        organization_id: OrganizationId,
        view: Arc<InvoiceView>,
    ) -> Result<Offer, CacheError> {
        let key = (organization_id, InvoiceId::from_uuid(view.entry.id));
        Ok(self.0.offer(key, view))
    }

    async fn offer_absent(
        &self,
        organization_id: OrganizationId,
        id: InvoiceId,
    ) -> Result<Offer, CacheError> {
        Ok(self.0.offer_absent((organization_id, id)))
    }

    async fn invalidate(&self, organization_id: OrganizationId, id: InvoiceId, version: Version) {
        self.0.invalidate(&(organization_id, id), version);
    }
}
