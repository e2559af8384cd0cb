//! Whoever guesses codes is held up.

use std::{sync::Arc, time::Duration};

use app::{platform::Caller, ports::GuessLimiter};
use domain::{actor::Actor, vouchers::VoucherCode};
use jiff::Timestamp;

use super::VoucherUseCases;
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

impl VoucherUseCases {
    /// Notes that something was not found for a request that names a code. It was a guess if it is the voucher that there is
    /// not; that an account, a customer or an invoice is not there tells nothing of codes.
    pub async fn heed_nothing_found(
        &self,
        caller: &Caller,
        code: &VoucherCode,
    ) -> Result<(), Refusal> {
        let known = self.queries.find(caller.organization_id, code).await?;
        if known.is_none() {
            self.guesses.heed(&caller.actor, self.clock.now()).await?;
        }
        Ok(())
    }
}

fn too_many(wait: Duration) -> Refusal {
    Refusal::of(&TOO_MANY_GUESSES).retry_after(wait)
}
