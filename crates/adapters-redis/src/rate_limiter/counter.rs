//! What one instance knows of one subject.

use std::sync::{Mutex, MutexGuard, PoisonError};

use app::{
    platform::{Bucket, RateLimit},
    ports::LimitDecision,
};
use tokio::sync::{Mutex as AsyncMutex, MutexGuard as AsyncMutexGuard};

/// Requests that Redis has granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lease {
    /// How many; none when the limit is reached.
    pub(super) granted: u32,
    /// What the subject owes then, in millionths of a request.
    pub(super) owed: u64,
}

/// A count, and the turn of whoever asks Redis for more: one at a time.
#[derive(Default)]
pub(super) struct Counter {
    count: Mutex<Count>,
    turn: AsyncMutex<()>,
}

impl Counter {
    pub(super) fn lock(&self) -> MutexGuard<'_, Count> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn turn(&self) -> AsyncMutexGuard<'_, ()> {
        self.turn.lock().await
    }
}

/// Nothing here knows what time it is.
#[derive(Debug, Default)]
pub(super) struct Count {
    /// What this instance has let through.
    own: Bucket,
    /// What all have let through or leased, as far as this one knows.
    shared: Bucket,
    /// What is left of the last lease.
    at_hand: u32,
    /// Before this, Redis would refuse.
    refused_until_us: u64,
}

impl Count {
    /// Counts one request, if that can be done without asking Redis.
    pub(super) fn take_at_hand(&mut self, limit: RateLimit, now_us: u64) -> Option<LimitDecision> {
        let mut own = self.own;
        if own.take(limit, now_us, 1) == 0 {
            return Some(own.decision(limit, now_us, false));
        }
        if self.at_hand > 0 {
            self.at_hand -= 1;
            self.own = own;
            return Some(self.decision(limit, now_us, true));
        }
        let is_refused = now_us < self.refused_until_us;
        is_refused.then(|| self.decision(limit, now_us, false))
    }

    /// Counts one request from a new lease.
    pub(super) fn take_from(
        &mut self,
        limit: RateLimit,
        now_us: u64,
        lease: Lease,
    ) -> LimitDecision {
        self.shared = Bucket::owing(lease.owed, now_us);
        self.at_hand = lease.granted;
        let next = self.shared.decision(limit, now_us, false).retry_after;
        let next_us = u64::try_from(next.as_micros()).unwrap_or(u64::MAX);
        self.refused_until_us = now_us.saturating_add(next_us);
        let is_allowed = lease.granted > 0;
        if is_allowed {
            self.at_hand -= 1;
            self.own.take(limit, now_us, 1);
        }
        self.decision(limit, now_us, is_allowed)
    }

    /// Counts one request by what this instance has let through: nobody knows what the others do.
    pub(super) fn take_alone(&mut self, limit: RateLimit, now_us: u64) -> LimitDecision {
        let is_allowed = self.own.take(limit, now_us, 1) == 1;
        self.own.decision(limit, now_us, is_allowed)
    }

    /// Whether it may as well be forgotten. What is left of a lease is lost then, which is to nobody's harm.
    pub(super) fn is_settled(&self, limit: RateLimit, now_us: u64) -> bool {
        self.own.is_settled(limit, now_us)
            && self.shared.is_settled(limit, now_us)
            && self.refused_until_us <= now_us
    }

    fn decision(&self, limit: RateLimit, now_us: u64, is_allowed: bool) -> LimitDecision {
        let used = self.shared.without(self.at_hand);
        used.decision(limit, now_us, is_allowed)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const REQUEST: u64 = 1_000_000;

    fn limit() -> RateLimit {
        RateLimit::new(100, 200)
    }

    fn lease(granted: u32, owed_requests: u64) -> Lease {
        let owed = owed_requests * REQUEST;
        Lease { granted, owed }
    }

    #[test]
    fn a_lease_serves_as_many_requests_and_tells_of_those_of_others() {
        let mut count = Count::default();
        assert_eq!(count.take_at_hand(limit(), 0), None);

        let first = count.take_from(limit(), 0, lease(10, 50));
        let rest: Vec<_> = (0..9)
            .filter_map(|_| count.take_at_hand(limit(), 0))
            .collect();

        assert_eq!((first.is_allowed, first.remaining), (true, 159));
        assert_eq!((rest.len(), rest[8].remaining), (9, 150));
        assert_eq!(rest[8].reset_after, Duration::from_millis(500));
        assert_eq!(count.take_at_hand(limit(), 0), None);
    }

    #[test]
    fn after_a_refusal_redis_is_not_asked_before_its_time() {
        let mut count = Count::default();

        let refused = count.take_from(limit(), 0, lease(0, 200));

        assert_eq!(refused.retry_after, Duration::from_millis(10));
        let again = count.take_at_hand(limit(), 9_999).unwrap();
        assert!(!again.is_allowed);
        assert_eq!(again.retry_after, Duration::from_micros(1));
        assert_eq!(count.take_at_hand(limit(), 10_000), None);
    }

    #[test]
    fn after_a_lease_that_took_the_last_ones_redis_is_not_asked_before_its_time_either() {
        let mut count = Count::default();

        let allowed = count.take_from(limit(), 0, lease(1, 200));

        assert_eq!((allowed.is_allowed, allowed.remaining), (true, 0));
        assert!(!count.take_at_hand(limit(), 9_999).unwrap().is_allowed);
        assert_eq!(count.take_at_hand(limit(), 10_000), None);
    }

    #[test]
    fn alone_it_goes_on_with_its_own_count() {
        let mut count = Count::default();
        count.take_from(limit(), 0, lease(150, 150));
        for _ in 0..149 {
            count.take_at_hand(limit(), 0);
        }

        let allowed = (0..100).filter(|_| count.take_alone(limit(), 0).is_allowed);

        assert_eq!(allowed.count(), 50);
        let refused = count.take_at_hand(limit(), 0).unwrap();
        assert!(!refused.is_allowed);
    }
}
