//! Telling a cache of commits.

use std::{hash::Hash, sync::Arc};

use async_trait::async_trait;
use domain::version::Version;
use futures_util::future::join_all;

use super::cached_look_up::Flights;
use crate::ports::{AggregateKind, CommitListener, Touched, VersionedCache};

/// Tells the cache of one kind of thing what has changed.
pub struct CacheInvalidation<K, V> {
    cache: Arc<dyn VersionedCache<K, V>>,
    flights: Arc<Flights<K, V>>,
    kind: AggregateKind,
    key_of: fn(&Touched) -> K,
}

impl<K, V> CacheInvalidation<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// `key_of` tells what something of this kind is remembered by.
    pub(super) fn new(
        cache: Arc<dyn VersionedCache<K, V>>,
        flights: Arc<Flights<K, V>>,
        (kind, key_of): (AggregateKind, fn(&Touched) -> K),
    ) -> Self {
        Self {
            cache,
            flights,
            kind,
            key_of,
        }
    }

    fn keys<'a>(
        &self,
        touched: &'a [Touched],
    ) -> impl Iterator<Item = (K, Version)> + use<'a, K, V> {
        let (kind, key_of) = (self.kind, self.key_of);
        let of_kind = touched.iter().filter(move |it| it.kind == kind);
        of_kind.map(move |it| (key_of(it), it.version))
    }

    /// Whether this has to be announced before it is committed. A process that is killed right after its commit announces
    /// nothing any more, and a shared cache would go on answering the old thing. A new one has no old one; somebody who has
    /// asked for its id beforehand is told for some seconds that there is none.
    fn is_announced_ahead(&self, version: Version) -> bool {
        version != Version::FIRST && self.cache.is_shared()
    }

    /// All at once: what a sweep has changed is many.
    async fn invalidate(&self, touched: &[Touched], is_ahead: bool) {
        let due: Vec<_> = self
            .keys(touched)
            .filter(|(_, version)| self.is_announced_ahead(*version) == is_ahead)
            .collect();
        let announced = due
            .iter()
            .map(|(key, version)| self.cache.invalidate(key, *version));
        join_all(announced).await;
    }
}

#[async_trait]
impl<K, V> CommitListener for CacheInvalidation<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    async fn committing(&self, touched: &[Touched]) {
        self.invalidate(touched, true).await;
    }

    async fn committed(&self, touched: &[Touched]) {
        self.invalidate(touched, false).await;
        for (key, _) in self.keys(touched) {
            self.flights.forget(&key);
        }
    }
}
