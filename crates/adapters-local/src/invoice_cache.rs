//! Invoices remembered in this process.
//!
//! A general cache would serve for the invoices themselves, but not for the versions that were announced: it would push
//! those out, too, when it is full, and an old invoice could come back.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use app::{
    invoicing::InvoiceView,
    ports::{CacheAnswer, CacheError, InvoiceCache, Offer},
};
use async_trait::async_trait;
use domain::{
    ids::{InvoiceId, OrganizationId},
    version::Version,
};

use self::{floors::Hash, shard::Shard};

mod floors;
mod shard;
mod weight;

const SHARDS: usize = 16;
/// The time to live varies by this much in either direction, in thousandths, so that what was remembered together is not
/// forgotten together.
const JITTER: u32 = 100;

type Key = (OrganizationId, InvoiceId);

/// How long and how much is remembered of invoices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheLimits {
    /// How much memory may be used, in bytes, as far as it can be told: a quarter of it for announced versions.
    pub capacity_bytes: usize,
    /// How long an invoice is remembered, give or take a tenth.
    pub ttl: Duration,
    /// How long it is remembered that there is none.
    pub absent_ttl: Duration,
}

impl Default for CacheLimits {
    /// 32 MiB, 5 min, 5 s.
    fn default() -> Self {
        Self {
            capacity_bytes: 32 * 1024 * 1024,
            ttl: Duration::from_mins(5),
            absent_ttl: Duration::from_secs(5),
        }
    }
}

/// Remembers invoices in this process only: for a deployment of one.
pub struct LocalInvoiceCache {
    limits: CacheLimits,
    hasher: RandomState,
    shards: [Mutex<Shard>; SHARDS],
}

impl LocalInvoiceCache {
    /// An empty cache.
    pub fn new(limits: CacheLimits) -> Self {
        let capacity = limits.capacity_bytes / SHARDS;
        Self {
            limits,
            hasher: RandomState::new(),
            shards: std::array::from_fn(|_| Mutex::new(Shard::new(capacity))),
        }
    }

    /// About how much memory is used, in bytes.
    pub fn weight_bytes(&self) -> usize {
        self.shards.iter().map(|shard| lock(shard).weight()).sum()
    }

    /// The last byte of an id of version 7 is random.
    fn shard_of(&self, (_, id): &Key) -> MutexGuard<'_, Shard> {
        let [.., byte] = id.as_uuid().into_bytes();
        lock(&self.shards[usize::from(byte) % SHARDS])
    }

    fn hash_of(&self, key: &Key) -> Hash {
        self.hasher.hash_one(key)
    }

    /// When an invoice that is remembered now is to be forgotten.
    fn end_of(&self, hash: Hash, now: Instant) -> Instant {
        let spread = u64::from(2 * JITTER + 1);
        let jitter = u32::try_from(hash % spread).unwrap_or(JITTER);
        now + self.limits.ttl * (1_000 - JITTER + jitter) / 1_000
    }

    /// An announced version outlives every invoice that was remembered before it.
    fn end_of_floor(&self, now: Instant) -> Instant {
        now + self.limits.ttl * (1_000 + JITTER) / 1_000
    }
}

fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
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
        let (key, now) = ((organization_id, id), Instant::now());
        Ok(self.shard_of(&key).get(&key, now))
    }

    async fn offer(
        &self,
        organization_id: OrganizationId,
        view: Arc<InvoiceView>,
    ) -> Result<Offer, CacheError> {
        let key = (organization_id, InvoiceId::from_uuid(view.entry.id));
        let (hash, now) = (self.hash_of(&key), Instant::now());
        let until = self.end_of(hash, now);
        let mut shard = self.shard_of(&key);
        if shard.is_stale(&key, hash, Version::new(view.entry.version), now) {
            return Ok(Offer::Stale);
        }
        shard.remember(key, view, until);
        Ok(Offer::Accepted)
    }

    async fn offer_absent(
        &self,
        organization_id: OrganizationId,
        id: InvoiceId,
    ) -> Result<Offer, CacheError> {
        let (key, now) = ((organization_id, id), Instant::now());
        let hash = self.hash_of(&key);
        let mut shard = self.shard_of(&key);
        if shard.is_known(&key, hash, now) {
            return Ok(Offer::Stale);
        }
        shard.remember_absent(key, now + self.limits.absent_ttl);
        Ok(Offer::Accepted)
    }

    async fn invalidate(&self, organization_id: OrganizationId, id: InvoiceId, version: Version) {
        let (key, now) = ((organization_id, id), Instant::now());
        let (hash, until) = (self.hash_of(&key), self.end_of_floor(now));
        let mut shard = self.shard_of(&key);
        shard.drop_below(&key, version);
        shard.floors().raise(hash, version, now, until);
    }
}
