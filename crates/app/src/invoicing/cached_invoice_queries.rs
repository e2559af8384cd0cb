//! Invoices from the cache, and from storage when the cache does not know them.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    ids::{InvoiceId, OrganizationId},
    version::Version,
};
use futures_util::future::join_all;
use metrics::Counter;

use super::{InvoiceEntry, InvoiceView, SummaryRow, TimelineEntry, single_flight::SingleFlight};
use crate::{
    paging::{Listing, Window},
    ports::{
        AggregateKind, CacheAnswer, CacheError, CommitListener, InvoiceCache, InvoiceFilter,
        InvoiceQueries, Offer, StorageError, Touched,
    },
};

type Key = (OrganizationId, InvoiceId);
type Found = Result<Option<Arc<InvoiceView>>, Arc<StorageError>>;

/// Decorates the query port with a cache. Use cases and endpoints do not know of it.
pub struct CachedInvoiceQueries {
    storage: Arc<dyn InvoiceQueries>,
    cache: Arc<dyn InvoiceCache>,
    flights: Arc<SingleFlight<Key, Found>>,
    hits: Counter,
    misses: Counter,
}

/// Tells the cache of commits.
pub struct InvoiceCacheInvalidation {
    cache: Arc<dyn InvoiceCache>,
    flights: Arc<SingleFlight<Key, Found>>,
}

impl CachedInvoiceQueries {
    /// A cache in front of the storage. Metrics have to be set up before: what counts is found once.
    pub fn new(storage: Arc<dyn InvoiceQueries>, cache: Arc<dyn InvoiceCache>) -> Self {
        Self {
            storage,
            cache,
            flights: Arc::new(SingleFlight::new()),
            hits: metrics::counter!("cache_hits_total", "cache" => "invoices"),
            misses: metrics::counter!("cache_misses_total", "cache" => "invoices"),
        }
    }

    /// What has to hear of every commit for the cache to be right.
    pub fn invalidation(&self) -> InvoiceCacheInvalidation {
        InvoiceCacheInvalidation {
            cache: Arc::clone(&self.cache),
            flights: Arc::clone(&self.flights),
        }
    }

    async fn look_up(&self, key: Key) -> Found {
        let (storage, cache) = (Arc::clone(&self.storage), Arc::clone(&self.cache));
        let flights = Arc::clone(&self.flights);
        let look_up = || read_and_offer(storage, cache, flights, key);
        self.flights.run(key, look_up).await
    }
}

/// Reads, and reads again when the cache knows of something newer, or of something newer that is about to be committed.
/// Whoever asks from then on takes a flight of their own: the second reading began after everybody on this one had asked,
/// so it is new enough for all of them, whatever the cache says of it.
async fn read_and_offer(
    storage: Arc<dyn InvoiceQueries>,
    cache: Arc<dyn InvoiceCache>,
    flights: Arc<SingleFlight<Key, Found>>,
    (organization_id, id): Key,
) -> Found {
    let find = || async { storage.find(organization_id, id).await.map_err(Arc::new) };
    let offer = async |found: &Option<Arc<InvoiceView>>| match found {
        Some(view) => cache.offer(organization_id, Arc::clone(view)).await,
        None => cache.offer_absent(organization_id, id).await,
    };
    let found = find().await?;
    match offer(&found).await {
        Ok(Offer::Accepted) => Ok(found),
        Ok(Offer::Stale) => {
            flights.forget(&(organization_id, id));
            let newer = find().await?;
            if let Err(error) = offer(&newer).await {
                count_error(&error);
            }
            Ok(newer)
        }
        Err(error) => {
            count_error(&error);
            Ok(found)
        }
    }
}

/// The failure of a look-up, for one of those who waited for it.
fn as_told_to_each(error: Arc<StorageError>) -> StorageError {
    match *error {
        StorageError::Unavailable(_) => StorageError::Unavailable(Box::new(error)),
        StorageError::Contended { attempts } => StorageError::Contended { attempts },
        StorageError::Corrupt { entity, .. } => StorageError::Corrupt {
            entity,
            source: Box::new(error),
        },
    }
}

fn count_error(error: &CacheError) {
    metrics::counter!("cache_errors_total", "cache" => "invoices").increment(1);
    tracing::debug!(error = %error, "the invoice cache failed");
}

#[async_trait]
impl InvoiceQueries for CachedInvoiceQueries {
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: InvoiceId,
    ) -> Result<Option<Arc<InvoiceView>>, StorageError> {
        match self.cache.get(organization_id, id).await {
            Ok(CacheAnswer::Hit(view)) => {
                self.hits.increment(1);
                return Ok(Some(view));
            }
            Ok(CacheAnswer::Absent) => {
                self.hits.increment(1);
                return Ok(None);
            }
            Ok(CacheAnswer::Miss) => {
                self.misses.increment(1);
            }
            Err(error) => count_error(&error),
        }
        let found = self.look_up((organization_id, id)).await;
        found.map_err(as_told_to_each)
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

impl InvoiceCacheInvalidation {
    /// Whether this has to be announced before it is committed. A process that is killed right after its commit announces
    /// nothing any more, and a shared cache would go on answering the old invoice. A new invoice has no old one; somebody
    /// who has asked for its id beforehand is told for some seconds that there is none.
    fn is_announced_ahead(&self, invoice: &Touched) -> bool {
        invoice.version != Version::FIRST && self.cache.is_shared()
    }

    /// All at once: what a sweep has changed is many.
    async fn invalidate(&self, invoices: impl Iterator<Item = &Touched>) {
        let announced = invoices.map(|it| {
            let id = InvoiceId::from_uuid(it.id);
            self.cache.invalidate(it.organization_id, id, it.version)
        });
        join_all(announced).await;
    }
}

fn invoices(touched: &[Touched]) -> impl Iterator<Item = &Touched> {
    touched
        .iter()
        .filter(|it| it.kind == AggregateKind::Invoice)
}

#[async_trait]
impl CommitListener for InvoiceCacheInvalidation {
    async fn committing(&self, touched: &[Touched]) {
        self.invalidate(invoices(touched).filter(|it| self.is_announced_ahead(it)))
            .await;
    }

    async fn committed(&self, touched: &[Touched]) {
        self.invalidate(invoices(touched).filter(|it| !self.is_announced_ahead(it)))
            .await;
        for invoice in invoices(touched) {
            let id = InvoiceId::from_uuid(invoice.id);
            self.flights.forget(&(invoice.organization_id, id));
        }
    }
}

#[cfg(test)]
mod tests;
