//! What one process can do by itself: time, identifiers and secrets, caches of invoices and users, a memory of API keys, rate
//! limits, and the seal on personal data. Embedded mode uses these instead of Redis.

mod api_keys;
mod clock;
mod guess_limiter;
mod ids;
mod local_cache;
mod personal_data;
mod rate_limiter;
mod version_memory;
mod webhook_secrets;

pub use api_keys::{CachedApiKeyQueries, KeyMemoryLimits};
pub use clock::SystemClock;
pub use guess_limiter::LocalGuessLimiter;
pub use ids::{OsDice, OsSecrets, UuidV7Generator};
pub use local_cache::{
    LocalCache, LocalInvoiceCache, LocalUserCache, LocalUsernameCache, user_caches,
};
pub use personal_data::{KeyedSeal, NotAKey, PersonalDataKey};
pub use rate_limiter::LocalRateLimiter;
pub use version_memory::CacheLimits;
pub use webhook_secrets::KeyedSecretSeal;
