//! Rate limits that instances keep together.

use std::{
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use app::{
    platform::{RateLimit, RateLimits},
    ports::{LimitDecision, LimitSubject, RateLimiter},
};
use async_trait::async_trait;
use redis::Script;

use self::{
    counter::{Counter, Lease},
    counters::Counters,
};
use crate::pool::{RedisFailure, RedisPool, Request};

mod counter;
mod counters;

const TAKE: &str = include_str!("rate_limiter/take.lua");
const SHARDS: usize = 16;

/// Counts requests together with the other instances on the same Redis and namespace.
///
/// It takes leases of a tenth of a second's requests, so that Redis is asked ten times a second and not at every request;
/// whoever was refused is not asked about again before its time. What this instance lets through is always counted here,
/// too: with Redis out of reach it goes on with that count.
pub struct RedisRateLimiter {
    pool: RedisPool,
    limits: RateLimits,
    take: Script,
    began: Instant,
    hasher: RandomState,
    shards: [Mutex<Counters>; SHARDS],
}

impl RedisRateLimiter {
    /// A limiter on these connections.
    pub fn new(pool: RedisPool, limits: RateLimits) -> Self {
        Self {
            pool,
            limits,
            take: Script::new(TAKE),
            began: Instant::now(),
            hasher: RandomState::new(),
            shards: std::array::from_fn(|_| Mutex::default()),
        }
    }

    fn now_us(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn counter_of(&self, subject: LimitSubject) -> Arc<Counter> {
        let [byte, ..] = self.hasher.hash_one(subject).to_le_bytes();
        let shard = self.shards[usize::from(byte) % SHARDS].lock();
        let mut counters = shard.unwrap_or_else(PoisonError::into_inner);
        counters.of(subject, &self.limits, self.now_us())
    }

    async fn lease(&self, subject: LimitSubject, limit: RateLimit) -> Result<Lease, RedisFailure> {
        let mut call = self.take.key(self.name_of(subject));
        call.arg(limit.per_second())
            .arg(limit.burst())
            .arg(limit.lease());
        let leased = self.pool.query("limit_take", Request::Script(&call)).await;
        let (granted, owed) = leased?;
        Ok(Lease { granted, owed })
    }

    fn name_of(&self, subject: LimitSubject) -> String {
        let namespace = &self.pool.options().namespace;
        match subject {
            LimitSubject::ApiKey(id) => format!("{namespace}:limit:key:{id}"),
            LimitSubject::Stranger(address) => format!("{namespace}:limit:address:{address}"),
            LimitSubject::Visitor(address) => format!("{namespace}:limit:visitor:{address}"),
        }
    }
}

#[async_trait]
impl RateLimiter for RedisRateLimiter {
    async fn take(&self, subject: LimitSubject) -> LimitDecision {
        let limit = self.limits.of(subject);
        let counter = self.counter_of(subject);
        if let Some(decision) = counter.lock().take_at_hand(limit, self.now_us()) {
            return decision;
        }
        let _turn = counter.turn().await;
        // Whoever had the turn before may have brought enough for all.
        if let Some(decision) = counter.lock().take_at_hand(limit, self.now_us()) {
            return decision;
        }
        let leased = self.lease(subject, limit).await;
        let (mut count, now_us) = (counter.lock(), self.now_us());
        match leased {
            Ok(lease) => count.take_from(limit, now_us, lease),
            Err(_counted_already) => count.take_alone(limit, now_us),
        }
    }
}
