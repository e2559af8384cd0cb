//! Whoever guesses codes is held up.

use std::{sync::Arc, time::Duration};

use app::ports::GuessLimiter;
use domain::actor::Actor;
use jiff::Timestamp;

use crate::problem::{Refusal, catalogue::TOO_MANY_GUESSES};

/// Refuses keys that have asked for too many codes that there are not.
#[derive(Clone)]
pub struct Guesses(Arc<dyn GuessLimiter>);

impl Guesses {
    /// Those that this limiter counts.
    pub fn new(limiter: Arc<dyn GuessLimiter>) -> Self {
        Self(limiter)
    }

    /// Notes that somebody has asked for a code that there is not, and refuses those who were too many at once, so that they
    /// learn nothing of it.
    pub async fn heed(&self, actor: &Actor, now: Timestamp) -> Result<(), Refusal> {
        match actor {
            Actor::ApiKey(key) => self.0.note(*key, now).await.map_err(too_many),
            Actor::Role(_) | Actor::CommandLine => Ok(()),
        }
    }

    /// Lets somebody ask for a code, unless they have asked for too many that there are not.
    pub async fn admit(&self, actor: &Actor, now: Timestamp) -> Result<(), Refusal> {
        match actor {
            Actor::ApiKey(key) => self.0.admit(*key, now).await.map_err(too_many),
            Actor::Role(_) | Actor::CommandLine => Ok(()),
        }
    }
}

fn too_many(wait: Duration) -> Refusal {
    Refusal::of(&TOO_MANY_GUESSES).retry_after(wait)
}
