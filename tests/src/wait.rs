//! Waiting for conditions, never for a fixed time.

use std::{
    fmt,
    time::{Duration, Instant},
};

/// How long anything may take that is not under test itself: two busy cores are slow.
pub const LIMIT: Duration = Duration::from_secs(30);

const POLL_EVERY: Duration = Duration::from_millis(20);

/// Waits until `look` finds something, for at most [`LIMIT`].
pub async fn eventually<T>(what: impl fmt::Display, look: impl AsyncFnMut() -> Option<T>) -> T {
    within(LIMIT, what, look).await
}

/// Waits until `look` finds something.
pub async fn within<T>(
    limit: Duration,
    what: impl fmt::Display,
    mut look: impl AsyncFnMut() -> Option<T>,
) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(
            begun.elapsed() < limit,
            "waited in vain for {limit:?}: {what}"
        );
        tokio::time::sleep(POLL_EVERY).await;
    }
}
