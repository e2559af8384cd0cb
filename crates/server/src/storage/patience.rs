//! Waiting for something that is not there yet, longer and longer, but not for ever.

use std::{error::Error, time::Duration};

use anyhow::Context as _;
use tokio::time::Instant;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("nobody is there")]
    struct Nobody;

    #[tokio::test(start_paused = true)]
    async fn it_asks_again_and_again_with_longer_pauses_and_gives_up_in_time() {
        let begun = Instant::now();
        let mut patience = Patience::of(Duration::from_mins(1));
        let mut asked_at = vec![Duration::ZERO];

        let given_up = loop {
            match patience.wait(Nobody).await {
                Ok(()) => asked_at.push(begun.elapsed()),
                Err(error) => break error,
            }
        };

        assert!(format!("{given_up:#}").contains("60 s"), "{given_up:#}");
        assert_eq!(begun.elapsed(), Duration::from_mins(1));
        let pause = |it: &[Duration]| it[1].saturating_sub(it[0]);
        let pauses: Vec<_> = asked_at.windows(2).map(pause).collect();
        assert!(pauses[0] <= Duration::from_millis(101), "{pauses:?}");
        assert!(pauses.contains(&PAUSE_MAX), "{pauses:?}");
        let longest = pauses.iter().max().unwrap();
        assert!(
            *longest <= PAUSE_MAX + Duration::from_millis(1),
            "{pauses:?}"
        );
    }
}
