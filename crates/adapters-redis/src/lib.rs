//! What may be lost, in Redis: a cache of invoices that instances share, and rate limits that they keep together; and a broker,
//! which is filled again when Redis has lost something.
//!
//! Redis is never in the way: a call costs its deadline at most, once, and nothing while Redis is known to be out of reach.

mod broker;
mod invoice_cache;
mod options;
mod pool;
mod rate_limiter;

pub use broker::{RedisBroker, RedisBrokerOptions, RedisPublisher};
pub use invoice_cache::{CacheLifetimes, RedisInvoiceCache};
pub use options::RedisOptions;
pub use pool::{InvalidRedisUrl, RedisFailure, RedisPool};
pub use rate_limiter::RedisRateLimiter;
