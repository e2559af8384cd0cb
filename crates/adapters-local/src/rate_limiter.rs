//! Rate limits that one process counts by itself.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{Mutex, PoisonError},
    time::Instant,
};

use app::{
    platform::RateLimits,
    ports::{LimitDecision, LimitSubject, RateLimiter},
};
use async_trait::async_trait;

use self::buckets::Buckets;

mod buckets;

/// Few enough to be small, enough that two cores hardly ever meet at one.
const SHARDS: usize = 16;

/// Counts the requests of this process. What it remembers is bounded by how many subjects asked within the time that a
/// whole burst takes to come back.
pub struct LocalRateLimiter {
    limits: RateLimits,
    began: Instant,
    hasher: RandomState,
    shards: [Mutex<Buckets>; SHARDS],
}

impl LocalRateLimiter {
    /// A limiter that has counted nothing yet.
    pub fn new(limits: RateLimits) -> Self {
        Self {
            limits,
            began: Instant::now(),
            hasher: RandomState::new(),
            shards: std::array::from_fn(|_| Mutex::default()),
        }
    }

    /// How many subjects are remembered.
    pub fn subjects(&self) -> usize {
        let locked = |shard: &Mutex<Buckets>| {
            shard
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .subjects()
        };
        self.shards.iter().map(locked).sum()
    }

    fn now_us(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn shard_of(&self, subject: LimitSubject) -> &Mutex<Buckets> {
        let [byte, ..] = self.hasher.hash_one(subject).to_le_bytes();
        &self.shards[usize::from(byte) % SHARDS]
    }
}

#[async_trait]
impl RateLimiter for LocalRateLimiter {
    async fn take(&self, subject: LimitSubject) -> LimitDecision {
        let now_us = self.now_us();
        let shard = self.shard_of(subject).lock();
        let mut buckets = shard.unwrap_or_else(PoisonError::into_inner);
        buckets.take(&self.limits, subject, now_us)
    }
}
