//! What may be lost, in Redis: caches of invoices and users that instances share, rate limits that they keep together, and
//! who is at work on what; and a broker, which is filled again when Redis has lost something.
//!
//! Redis is never in the way: a call costs its deadline at most, once, and nothing while Redis is known to be out of reach.

mod address;
mod broker;
mod guess_limiter;
mod invoice_cache;
mod options;
mod pool;
mod rate_limiter;
mod user_cache;
mod versioned_cache;
mod work_leases;

pub use broker::{RedisBroker, RedisBrokerOptions, RedisPublisher};
pub use guess_limiter::RedisGuessLimiter;
pub use invoice_cache::RedisInvoiceCache;
pub use options::RedisOptions;
pub use pool::{InvalidRedisUrl, RedisFailure, RedisPool};
pub use rate_limiter::RedisRateLimiter;
pub use user_cache::{RedisUserCache, RedisUsernameCache, user_caches};
pub use versioned_cache::{CacheLifetimes, RedisCache, Stored};
pub use work_leases::RedisWorkLeases;
