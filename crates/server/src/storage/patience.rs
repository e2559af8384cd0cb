//! Waiting for something that is not there yet, longer and longer, but not for ever.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use anyhow::Context as _;

const PAUSE_MIN: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// What is left of it.
pub(super) struct Patience {
    ends_at: Instant,
    limit: Duration,
    pause: Duration,
}

impl Patience {
    /// Patience for this long.
    pub(super) fn of(limit: Duration) -> Self {
        Self {
            ends_at: Instant::now() + limit,
            limit,
            pause: PAUSE_MIN,
        }
    }

    /// Says that it waits, and waits; gives the error back when the time is over.
    pub(super) async fn wait(
        &mut self,
        error: impl Error + Send + Sync + 'static,
    ) -> anyhow::Result<()> {
        let left = self.ends_at.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let limit = self.limit.as_secs();
            return Err(error).with_context(|| format!("waited {limit} s for PostgreSQL in vain"));
        }
        tracing::warn!(
            cause = %anyhow::Error::from(error),
            gives_up_in_s = left.as_secs(),
            "PostgreSQL is not there; trying again"
        );
        tokio::time::sleep(self.pause.min(left)).await;
        self.pause = (self.pause * 2).min(PAUSE_MAX);
        Ok(())
    }
}
