//! Guesses that are counted without anybody else.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use domain::ids::ApiKeyId;
use jiff::Timestamp;

use crate::{ports::GuessLimiter, vouchers::GuessWindows};

/// A limiter that nobody shares.
#[derive(Debug, Default)]
pub struct FakeGuessLimiter(Mutex<GuessWindows>);

#[async_trait]
impl GuessLimiter for FakeGuessLimiter {
    async fn admit(&self, key: ApiKeyId, now: Timestamp) -> Result<(), Duration> {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        windows.room(key, now)
    }

    async fn note(&self, key: ApiKeyId, now: Timestamp) -> Result<(), Duration> {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        windows.note(key, now)
    }
}
