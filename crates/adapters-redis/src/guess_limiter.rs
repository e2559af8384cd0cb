//! Guesses of codes that instances count together.

mod heard;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use app::{
    ports::GuessLimiter,
    vouchers::{GuessWindow, GuessWindows},
};
use async_trait::async_trait;
use domain::ids::ApiKeyId;
use jiff::Timestamp;
use redis::Script;

use self::heard::Heard;
use crate::pool::{RedisFailure, RedisPool, Request};

const GUESS: &str = include_str!("guess_limiter/guess.lua");

/// Counts guesses together with the other instances on the same Redis and namespace.
///
/// Redis decides each guess. Whether a key may ask at all is asked ten times a second and not at every request. What this
/// instance lets through is always counted here, too: with Redis out of reach it goes on with that count.
pub struct RedisGuessLimiter {
    pool: RedisPool,
    guess: Script,
    own: Mutex<GuessWindows>,
    heard: Mutex<Heard>,
}

impl RedisGuessLimiter {
    /// A limiter on these connections.
    pub fn new(pool: RedisPool) -> Self {
        Self {
            pool,
            guess: Script::new(GUESS),
            own: Mutex::default(),
            heard: Mutex::default(),
        }
    }

    fn own(&self) -> MutexGuard<'_, GuessWindows> {
        self.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// In how long there is room for another guess, which is noted if there is.
    async fn ask(&self, key: ApiKeyId, is_noted: bool) -> Result<Duration, RedisFailure> {
        let length_us = i64::try_from(GuessWindow::LENGTH.as_micros()).unwrap_or(i64::MAX);
        let name = format!("{}:guesses:{key}", self.pool.options().namespace);
        let mut call = self.guess.key(name);
        call.arg(length_us)
            .arg(GuessWindow::MOST)
            .arg(u8::from(is_noted));
        let asked = self.pool.query("guess", Request::Script(&call)).await;
        asked.map(Duration::from_millis)
    }

    /// What Redis says, which is remembered for a while. Nothing while it is out of reach.
    async fn shared(&self, key: ApiKeyId, is_noted: bool) -> Result<(), Duration> {
        let Ok(wait) = self.ask(key, is_noted).await else {
            return Ok(());
        };
        self.heard().note(key, wait, Instant::now());
        if wait.is_zero() { Ok(()) } else { Err(wait) }
    }
}

#[async_trait]
impl GuessLimiter for RedisGuessLimiter {
    async fn admit(&self, key: ApiKeyId, now: Timestamp) -> Result<(), Duration> {
        self.own().room(key, now)?;
        let told = self.heard().tell(key, Instant::now());
        match told {
            Some(told) => told,
            None => self.shared(key, false).await,
        }
    }

    async fn note(&self, key: ApiKeyId, now: Timestamp) -> Result<(), Duration> {
        self.own().room(key, now)?;
        self.shared(key, true).await?;
        self.own().note(key, now)
    }
}
