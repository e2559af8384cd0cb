//! Things with versions, remembered in this process.
//!
//! A general cache would serve for the things themselves, but not for the versions that were announced: it would push
//! those out, too, when it is full, and an old thing could come back.

use std::{
    hash::{BuildHasher, Hash as Hashed, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use app::ports::{CacheAnswer, Offer, SLOWEST_READER, Versioned};
use domain::version::Version;

use self::{
    floors::{Hash, Told},
    shard::Shard,
};

mod floors;
mod shard;

const SHARDS: usize = 16;
/// The time to live varies by this much in either direction, in thousandths, so that what was remembered together is not
/// forgotten together.
const JITTER: u32 = 100;

/// How long and how much is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheLimits {
    /// How much memory may be used, in bytes, as far as it can be told: a quarter of it for announced versions.
    pub capacity_bytes: usize,
    /// How long a thing is remembered, give or take a tenth.
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

/// What things are remembered by.
pub(crate) trait Key: Hashed + Eq + Clone {
    /// A number that spreads keys evenly.
    fn spread(&self) -> u8;

    /// About how many bytes it points to.
    fn heap_bytes(&self) -> usize {
        0
    }
}

/// What is remembered.
pub(crate) trait Remembered: Versioned {
    /// About how many bytes it takes, with what it points to.
    fn weight_bytes(&self) -> usize;
}

/// Remembers things in this process only: for a deployment of one.
pub(crate) struct VersionMemory<K, V> {
    limits: CacheLimits,
    hasher: RandomState,
    shards: [Mutex<Shard<K, V>>; SHARDS],
}

impl<K: Key, V: Remembered> VersionMemory<K, V> {
    /// An empty memory.
    pub(crate) fn new(limits: CacheLimits) -> Self {
        let capacity = limits.capacity_bytes / SHARDS;
        Self {
            limits,
            hasher: RandomState::new(),
            shards: std::array::from_fn(|_| Mutex::new(Shard::new(capacity))),
        }
    }

    /// About how much memory is used, in bytes.
    pub(crate) fn weight_bytes(&self) -> usize {
        self.shards.iter().map(|shard| lock(shard).weight()).sum()
    }

    /// What is known of a thing.
    pub(crate) fn get(&self, key: &K) -> CacheAnswer<V> {
        let (hash, now) = (self.hash_of(key), Instant::now());
        self.shard_of(key).get(key, hash, now)
    }

    /// Remembers a thing, unless something newer was announced or is remembered.
    pub(crate) fn offer(&self, key: K, value: Arc<V>) -> Offer {
        let (hash, now) = (self.hash_of(&key), Instant::now());
        let until = self.end_of(hash, now);
        let mut shard = self.shard_of(&key);
        if shard.is_stale(&key, hash, value.version(), now) {
            return Offer::Stale;
        }
        shard.remember(key, value, until);
        Offer::Accepted
    }

    /// Remembers that there is no such thing, unless any version but this one was announced, or one is remembered.
    pub(crate) fn offer_absent(&self, key: K, announced: Option<Version>) -> Offer {
        let (hash, now) = (self.hash_of(&key), Instant::now());
        let mut shard = self.shard_of(&key);
        if shard.holds(&key, now) || shard.floors().announced(hash, now) != Told::Last(announced) {
            return Offer::Stale;
        }
        shard.remember_absent(key, now + self.limits.absent_ttl);
        Offer::Accepted
    }

    /// Announces a version: what is older is not answered any more.
    pub(crate) fn invalidate(&self, key: &K, version: Version) {
        let (hash, now) = (self.hash_of(key), Instant::now());
        let until = self.end_of_floor(now);
        let mut shard = self.shard_of(key);
        shard.drop_below(key, version);
        shard.floors().raise(hash, version, now, until);
    }

    fn shard_of(&self, key: &K) -> MutexGuard<'_, Shard<K, V>> {
        lock(&self.shards[usize::from(key.spread()) % SHARDS])
    }

    fn hash_of(&self, key: &K) -> Hash {
        self.hasher.hash_one(key)
    }

    /// When a thing that is remembered now is to be forgotten.
    fn end_of(&self, hash: Hash, now: Instant) -> Instant {
        let spread = u64::from(2 * JITTER + 1);
        let jitter = u32::try_from(hash % spread).unwrap_or(JITTER);
        now + self.limits.ttl * (1_000 - JITTER + jitter) / 1_000
    }

    /// An announced version outlives everything that was remembered before it, and whoever read before it and offers
    /// what is old now.
    fn end_of_floor(&self, now: Instant) -> Instant {
        now + (self.limits.ttl * (1_000 + JITTER) / 1_000).max(SLOWEST_READER)
    }
}

fn lock<K, V>(shard: &Mutex<Shard<K, V>>) -> MutexGuard<'_, Shard<K, V>> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
