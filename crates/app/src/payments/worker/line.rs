//! The way to one provider: how many may go it at once, and whether anybody may.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::payments::{BreakerState, CallVerdict, CircuitBreaker, Pass};
use tokio::sync::Semaphore;

use super::{PaymentWorkerTerms, seat::Seat};
use crate::ports::{Clock, PaymentProvider};

/// The way to one provider. A slow or broken one takes nothing from the others.
pub(super) struct Line {
    pub(super) provider: Arc<dyn PaymentProvider>,
    seats: Arc<Semaphore>,
    seats_max: usize,
    breaker: Mutex<CircuitBreaker>,
    clock: Arc<dyn Clock>,
}

impl Line {
    pub(super) fn new(
        provider: Arc<dyn PaymentProvider>,
        terms: &PaymentWorkerTerms,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            provider,
            seats: Arc::new(Semaphore::new(terms.calls_max)),
            seats_max: terms.calls_max,
            breaker: Mutex::new(CircuitBreaker::new(terms.breaker)),
            clock,
        }
    }

    pub(super) fn breaker_state(&self) -> BreakerState {
        self.breaker().state(self.clock.now())
    }

    /// As many seats as there are, and as the breaker lets through: nothing is taken up that could not be done at once, so
    /// what waits for a provider uses up no attempt.
    pub(super) fn take_seats(self: &Arc<Self>, wanted: usize) -> Vec<Seat> {
        let mut taken = Vec::new();
        let now = self.clock.now();
        let mut breaker = self.breaker();
        while taken.len() < wanted {
            let Ok(place) = Arc::clone(&self.seats).try_acquire_owned() else {
                break;
            };
            let Some(pass) = breaker.admit(now) else {
                break;
            };
            taken.push(Seat::new(Arc::clone(self), place, pass));
        }
        taken
    }

    /// Whether it is worth while to look for more.
    pub(super) fn has_much_room(&self) -> bool {
        self.seats.available_permits() * 2 >= self.seats_max
    }

    pub(super) fn busy(&self) -> usize {
        self.seats_max - self.seats.available_permits()
    }

    pub(super) fn note(&self, pass: Pass, verdict: CallVerdict) {
        let now = self.clock.now();
        let mut breaker = self.breaker();
        let before = breaker.state(now);
        breaker.note(pass, verdict, now);
        let after = breaker.state(now);
        drop(breaker);
        if before != after {
            let provider = self.provider.name().as_str();
            let (before, after) = (before.code(), after.code());
            tracing::warn!(provider, before, after, "the breaker of a provider turned");
        }
    }

    pub(super) fn withdraw(&self, pass: Pass) {
        self.breaker().withdraw(pass, self.clock.now());
    }

    fn breaker(&self) -> MutexGuard<'_, CircuitBreaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
