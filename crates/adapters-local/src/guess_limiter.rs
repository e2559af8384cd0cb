//! Guesses of codes that one process counts by itself.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use app::{ports::GuessLimiter, vouchers::GuessWindows};
use async_trait::async_trait;
use domain::ids::ApiKeyId;
use jiff::Timestamp;

/// Counts the guesses of this process.
#[derive(Debug, Default)]
pub struct LocalGuessLimiter(Mutex<GuessWindows>);

impl LocalGuessLimiter {
    fn windows(&self) -> MutexGuard<'_, GuessWindows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl GuessLimiter for LocalGuessLimiter {
    async fn admit(&self, key: ApiKeyId, now: Timestamp) -> Result<(), Duration> {
        self.windows().room(key, now)
    }

    async fn note(&self, key: ApiKeyId, now: Timestamp) -> Result<(), Duration> {
        self.windows().note(key, now)
    }
}
