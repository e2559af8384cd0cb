//! What one process can do by itself: time, identifiers and secrets, a cache of invoices, a memory of API keys, and rate
//! limits. Embedded mode uses these instead of Redis.

mod api_keys;
mod clock;
mod ids;
mod invoice_cache;
mod rate_limiter;

pub use api_keys::{CachedApiKeyQueries, KeyMemoryLimits};
pub use clock::SystemClock;
pub use ids::{OsSecrets, UuidV7Generator};
pub use invoice_cache::{CacheLimits, LocalInvoiceCache};
pub use rate_limiter::LocalRateLimiter;
