//! Invoices remembered near at hand.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    ids::{InvoiceId, OrganizationId},
    version::Version,
};

use crate::invoicing::InvoiceView;

/// What a cache knows of a thing: an invoice, unless something else is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CacheAnswer<V = InvoiceView> {
    /// This is it.
    Hit(Arc<V>),
    /// There is none, as of a few seconds ago.
    Absent,
    /// Nothing is known.
    Miss,
}

/// What became of something offered to the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// It is remembered.
    Accepted,
    /// It has changed since it was read: read again.
    Stale,
}

/// The cache could not be asked. Never shown to a client: a cache error is a miss.
#[derive(Debug, thiserror::Error)]
#[error("the cache is unavailable")]
pub struct CacheError(#[source] pub Box<dyn std::error::Error + Send + Sync + 'static>);

/// Remembers invoices for some minutes, and that there is none for some seconds.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait InvoiceCache: Send + Sync {
    /// Whether it outlives this process, and others answer from it: then an announcement that this process does not come
    /// to make is missed by somebody.
    fn is_shared(&self) -> bool;

    /// What is known of an invoice.
    async fn get(
        &self,
        organization_id: OrganizationId,
        id: InvoiceId,
    ) -> Result<CacheAnswer, CacheError>;

    /// Offers an invoice that was read from storage. MUST be refused as stale when a version above it was announced by
    /// [`InvoiceCache::invalidate`], however late it comes within the time to live; MUST not replace a newer one.
    async fn offer(
        &self,
        organization_id: OrganizationId,
        view: Arc<InvoiceView>,
    ) -> Result<Offer, CacheError>;

    /// Offers that there is no such invoice. MUST be refused as stale when any version was announced, or is remembered.
    async fn offer_absent(
        &self,
        organization_id: OrganizationId,
        id: InvoiceId,
    ) -> Result<Offer, CacheError>;

    /// Announces that an invoice has reached a version (also by being deleted), or is about to: what is older MUST not be answered any
    /// more, by any instance that shares the cache. When the cache is out of reach, this instance MUST not answer it
    /// either, and goes on trying to tell the others.
    async fn invalidate(&self, organization_id: OrganizationId, id: InvoiceId, version: Version);
}
