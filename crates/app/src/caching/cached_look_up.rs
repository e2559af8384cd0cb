//! Things from the cache, and from storage when the cache does not know them.

use std::{hash::Hash, sync::Arc};

use async_trait::async_trait;
use domain::version::Version;
use metrics::Counter;

use super::{CacheInvalidation, single_flight::SingleFlight};
use crate::ports::{
    AggregateKind, CacheAnswer, CacheError, Offer, StorageError, Touched, VersionedCache,
};

/// What many who ask at once are told.
pub(crate) type Found<V> = Result<Option<Arc<V>>, Arc<StorageError>>;
/// Look-ups of a kind of thing that are under way.
pub(crate) type Flights<K, V> = SingleFlight<K, Found<V>>;

/// Where things are when the cache does not know them.
#[async_trait]
pub(crate) trait Source<K, V>: Send + Sync {
    /// The thing as it is now.
    async fn read(&self, key: &K) -> Result<Option<Arc<V>>, StorageError>;
}

/// Looks for things of one kind: in the cache, and then once in storage for all who ask at the same time.
pub(crate) struct CachedLookUp<K, V> {
    /// What the kind is called in metrics.
    kind: &'static str,
    source: Arc<dyn Source<K, V>>,
    cache: Arc<dyn VersionedCache<K, V>>,
    flights: Arc<Flights<K, V>>,
    hits: Counter,
    misses: Counter,
}

impl<K, V> CachedLookUp<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// A cache in front of the storage. Metrics have to be set up before: what counts is found once.
    pub(crate) fn new(
        kind: &'static str,
        source: Arc<dyn Source<K, V>>,
        cache: Arc<dyn VersionedCache<K, V>>,
    ) -> Self {
        Self {
            kind,
            source,
            cache,
            flights: Arc::new(SingleFlight::new()),
            hits: metrics::counter!("cache_hits_total", "cache" => kind),
            misses: metrics::counter!("cache_misses_total", "cache" => kind),
        }
    }

    /// What has to hear of every commit for the cache to be right: of things of this kind, under this key.
    pub(crate) fn invalidation(
        &self,
        kind: AggregateKind,
        key_of: fn(&Touched) -> K,
    ) -> CacheInvalidation<K, V> {
        let (cache, flights) = (Arc::clone(&self.cache), Arc::clone(&self.flights));
        CacheInvalidation::new(cache, flights, (kind, key_of))
    }

    /// The thing as it is after everything that was announced before this was asked.
    pub(crate) async fn find(&self, key: K) -> Result<Option<Arc<V>>, StorageError> {
        let announced = match self.known(&key).await {
            CacheAnswer::Hit(value) => return Ok(Some(value)),
            CacheAnswer::Absent => return Ok(None),
            CacheAnswer::Announced(version) => Some(version),
            CacheAnswer::Miss => None,
        };
        let (source, cache) = (Arc::clone(&self.source), Arc::clone(&self.cache));
        let (flights, kind) = (Arc::clone(&self.flights), self.kind);
        let flown = key.clone();
        let look_up = || async move {
            let reading = Reading {
                kind,
                source: source.as_ref(),
                cache: cache.as_ref(),
                key: &flown,
                announced,
            };
            reading.read_and_offer(&flights).await
        };
        let found = self.flights.run(key, look_up).await;
        found.map_err(as_told_to_each)
    }

    /// What the cache knows, counted; a cache that fails knows nothing.
    pub(crate) async fn known(&self, key: &K) -> CacheAnswer<V> {
        match self.cache.get(key).await {
            Ok(known @ (CacheAnswer::Miss | CacheAnswer::Announced(_))) => {
                self.misses.increment(1);
                known
            }
            Ok(known @ (CacheAnswer::Hit(_) | CacheAnswer::Absent)) => {
                self.hits.increment(1);
                known
            }
            Err(error) => {
                count_error(self.kind, &error);
                CacheAnswer::Miss
            }
        }
    }
}

/// One thing that the cache does not know.
struct Reading<'a, K, V> {
    kind: &'static str,
    source: &'a dyn Source<K, V>,
    cache: &'a dyn VersionedCache<K, V>,
    key: &'a K,
    /// What had been announced before anything was read.
    announced: Option<Version>,
}

impl<K, V> Reading<'_, K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// Reads, and reads again when the cache knows of something newer, or of something newer that is about to be committed.
    /// Whoever asks from then on takes a flight of their own: the second reading began after everybody on this one had
    /// asked, so it is new enough for all of them, whatever the cache says of it.
    async fn read_and_offer(&self, flights: &Flights<K, V>) -> Found<V> {
        let found = self.source.read(self.key).await?;
        if self.offer(found.as_ref()).await == Offer::Accepted {
            return Ok(found);
        }
        flights.forget(self.key);
        let newer = self.source.read(self.key).await?;
        self.offer(newer.as_ref()).await;
        Ok(newer)
    }

    /// Nobody waits for a cache that fails: what it does not take is as good as taken.
    async fn offer(&self, found: Option<&Arc<V>>) -> Offer {
        let offered = match found {
            Some(value) => self.cache.offer(self.key, Arc::clone(value)).await,
            None => self.cache.offer_absent(self.key, self.announced).await,
        };
        offered.unwrap_or_else(|error| {
            count_error(self.kind, &error);
            Offer::Accepted
        })
    }
}

/// The failure of a look-up, for one of those who waited for it.
pub(crate) fn as_told_to_each(error: Arc<StorageError>) -> StorageError {
    match *error {
        StorageError::Unavailable(_) => StorageError::Unavailable(Box::new(error)),
        StorageError::Contended { attempts } => StorageError::Contended { attempts },
        StorageError::Corrupt { entity, .. } => StorageError::Corrupt {
            entity,
            source: Box::new(error),
        },
    }
}

fn count_error(kind: &'static str, error: &CacheError) {
    metrics::counter!("cache_errors_total", "cache" => kind).increment(1);
    tracing::debug!(error = %error, cache = kind, "the cache failed");
}
