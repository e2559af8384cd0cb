//! What instances share through Redis, and what each has for itself without it.

use std::{path::Path, sync::Arc};

use adapters_local::{CacheLimits, LocalGuessLimiter, LocalInvoiceCache, LocalRateLimiter};
use adapters_redis::{
    CacheLifetimes, RedisGuessLimiter, RedisInvoiceCache, RedisOptions, RedisPool, RedisRateLimiter,
};
use anyhow::Context as _;
use app::{
    platform::RateLimits,
    ports::{GuessLimiter, InvoiceCache, RateLimiter},
    wallets::UserCaches,
};
use secrecy::{ExposeSecret as _, SecretString};

use crate::config::Settings;

/// One or the other.
pub(super) struct Shared {
    /// None where others may write to the same database and could not tell this process that its copies are old.
    pub(super) invoice_cache: Option<Arc<InvoiceCache>>,
    /// None likewise.
    pub(super) user_caches: Option<UserCaches>,
    pub(super) rate_limiter: Arc<dyn RateLimiter>,
    pub(super) guess_limiter: Arc<dyn GuessLimiter>,
    /// The connections, if there is a Redis.
    pub(super) redis: Option<RedisPool>,
}

impl Shared {
    /// As the settings want it. Redis need not be there.
    pub(super) fn new(settings: &Settings) -> anyhow::Result<Self> {
        match &settings.redis.url {
            Some(url) => Self::through_redis(url, settings).context("TALLYSTICK_REDIS__URL"),
            None => Ok(Self::local(settings)),
        }
    }

    fn through_redis(url: &SecretString, settings: &Settings) -> anyhow::Result<Self> {
        let pool = RedisPool::open(RedisOptions {
            authorities: settings.redis.authorities_for(url).map(Path::to_owned),
            namespace: settings.redis.namespace.clone(),
            connections_max: settings.redis.pool_max,
            command_deadline: settings.redis.deadline,
            ..RedisOptions::new(url.expose_secret())
        })?;
        let lifetimes = CacheLifetimes {
            ttl: settings.cache.ttl,
            ..CacheLifetimes::default()
        };
        let limits = rate_limits(settings);
        Ok(Self {
            invoice_cache: Some(Arc::new(RedisInvoiceCache::new(pool.clone(), lifetimes))),
            user_caches: Some(adapters_redis::user_caches(&pool, lifetimes)),
            rate_limiter: Arc::new(RedisRateLimiter::new(pool.clone(), limits)),
            guess_limiter: Arc::new(RedisGuessLimiter::new(pool.clone())),
            redis: Some(pool),
        })
    }

    fn local(settings: &Settings) -> Self {
        let limits = CacheLimits {
            capacity_bytes: settings.cache.capacity_bytes,
            ttl: settings.cache.ttl,
            ..CacheLimits::default()
        };
        let has_all_to_itself = settings.is_embedded();
        Self {
            invoice_cache: has_all_to_itself
                .then(|| -> Arc<InvoiceCache> { Arc::new(LocalInvoiceCache::new(limits)) }),
            user_caches: has_all_to_itself.then(|| adapters_local::user_caches(limits)),
            rate_limiter: Arc::new(LocalRateLimiter::new(rate_limits(settings))),
            guess_limiter: Arc::<LocalGuessLimiter>::default(),
            redis: None,
        }
    }
}

fn rate_limits(settings: &Settings) -> RateLimits {
    let limits = settings.rate_limit;
    RateLimits {
        per_second: limits.requests_per_second,
        burst: limits.burst,
        stranger_per_second: limits.bad_keys_per_second,
        // Somebody who mistypes a key may try again at once.
        stranger_burst: limits.bad_keys_per_second.saturating_mul(2),
    }
}
