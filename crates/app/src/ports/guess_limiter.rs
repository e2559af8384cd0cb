//! How many codes that there are not somebody may ask for.

use std::time::Duration;

use async_trait::async_trait;
use domain::ids::ApiKeyId;
use jiff::Timestamp;

/// Counts guesses: in any minute each key has [`crate::vouchers::GuessWindow::MOST`].
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait GuessLimiter: Send + Sync {
    /// Lets a key ask for a code; the error is in how long it may. MUST know of the guesses that all instances which share a
    /// limiter have noted, but for the last tenth of a second. MUST not fail and MUST not wait long: a limiter that cannot
    /// reach the others goes by its own count.
    async fn admit(&self, key: ApiKeyId, now: Timestamp) -> Result<(), Duration>;

    /// Notes that a key has asked for a code that there is not; the error is in how long it may ask again, if it has guessed as
    /// often as it may. MUST let no more guesses through than that, by all instances together. The same as above holds.
    async fn note(&self, key: ApiKeyId, now: Timestamp) -> Result<(), Duration>;
}
