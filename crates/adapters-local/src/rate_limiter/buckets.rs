//! The buckets of many subjects.

use std::collections::HashMap;

use app::{
    platform::{Bucket, RateLimits},
    ports::{LimitDecision, LimitSubject},
};

/// Below this it is not worth looking for what can be forgotten.
const SWEEP_MIN: usize = 512;

/// A bucket for every subject that owes something, and for some that do no longer.
pub(super) struct Buckets {
    by_subject: HashMap<LimitSubject, Bucket>,
    sweep_at: usize,
}

impl Default for Buckets {
    fn default() -> Self {
        Self {
            by_subject: HashMap::new(),
            sweep_at: SWEEP_MIN,
        }
    }
}

impl Buckets {
    pub(super) fn take(
        &mut self,
        limits: &RateLimits,
        subject: LimitSubject,
        now_us: u64,
    ) -> LimitDecision {
        let limit = limits.of(subject);
        let bucket = self.by_subject.entry(subject).or_default();
        let is_allowed = bucket.take(limit, now_us, 1) == 1;
        let decision = bucket.decision(limit, now_us, is_allowed);
        if self.by_subject.len() >= self.sweep_at {
            self.sweep(limits, now_us);
        }
        decision
    }

    pub(super) fn subjects(&self) -> usize {
        self.by_subject.len()
    }

    /// Forgets those who owe nothing, which changes nothing for them. It waits until they are twice as many before the
    /// next time, so that a request pays for two of them at most, on average.
    fn sweep(&mut self, limits: &RateLimits, now_us: u64) {
        self.by_subject
            .retain(|subject, bucket| !bucket.is_settled(limits.of(*subject), now_us));
        self.sweep_at = SWEEP_MIN.max(2 * self.by_subject.len());
        self.by_subject.shrink_to(self.sweep_at);
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv6Addr};

    use super::*;

    fn stranger(number: u128) -> LimitSubject {
        LimitSubject::Stranger(IpAddr::V6(Ipv6Addr::from(number)))
    }

    #[test]
    fn subjects_that_owe_nothing_are_forgotten() {
        let (limits, mut buckets) = (RateLimits::default(), Buckets::default());

        let mut most = 0;
        for number in 0..100_000_u32 {
            // One new stranger every 100 µs; each is settled after 50 ms.
            buckets.take(&limits, stranger(number.into()), u64::from(number) * 100);
            most = most.max(buckets.subjects());
        }

        assert!(most <= 1_024, "{most} at a time");
    }

    #[test]
    fn a_subject_that_owes_is_not_forgotten_however_many_others_come() {
        let (limits, mut buckets) = (RateLimits::default(), Buckets::default());
        let greedy = stranger(u128::MAX);
        while buckets.take(&limits, greedy, 0).is_allowed {}

        for number in 0..10_000 {
            buckets.take(&limits, stranger(number), 1);
        }

        assert!(!buckets.take(&limits, greedy, 2).is_allowed);
    }
}
