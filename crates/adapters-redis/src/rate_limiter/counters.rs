//! The counters of many subjects.

use std::{collections::HashMap, sync::Arc};

use app::{platform::RateLimits, ports::LimitSubject};

use super::counter::Counter;

/// Below this it is not worth looking for what can be forgotten.
const SWEEP_MIN: usize = 512;

/// A counter for every subject that asked within the time that a whole burst takes to come back, and for some others.
pub(super) struct Counters {
    by_subject: HashMap<LimitSubject, Arc<Counter>>,
    sweep_at: usize,
}

impl Default for Counters {
    fn default() -> Self {
        Self {
            by_subject: HashMap::new(),
            sweep_at: SWEEP_MIN,
        }
    }
}

impl Counters {
    pub(super) fn of(
        &mut self,
        subject: LimitSubject,
        limits: &RateLimits,
        now_us: u64,
    ) -> Arc<Counter> {
        if let Some(counter) = self.by_subject.get(&subject) {
            return Arc::clone(counter);
        }
        if self.by_subject.len() >= self.sweep_at {
            self.sweep(limits, now_us);
        }
        Arc::clone(self.by_subject.entry(subject).or_default())
    }

    /// Forgets those who owe nothing and whom nobody asks for at the moment.
    fn sweep(&mut self, limits: &RateLimits, now_us: u64) {
        self.by_subject.retain(|subject, counter| {
            let is_in_use = Arc::strong_count(counter) > 1;
            is_in_use || !counter.lock().is_settled(limits.of(*subject), now_us)
        });
        self.sweep_at = SWEEP_MIN.max(2 * self.by_subject.len());
        self.by_subject.shrink_to(self.sweep_at);
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv6Addr};

    use super::*;

    fn stranger(number: u32) -> LimitSubject {
        LimitSubject::Stranger(IpAddr::V6(Ipv6Addr::from(u128::from(number))))
    }

    #[test]
    fn subjects_that_owe_nothing_are_forgotten_and_others_are_not() {
        let (limits, mut counters) = (RateLimits::default(), Counters::default());
        let limit = limits.of(stranger(0));
        let held = counters.of(stranger(0), &limits, 0);

        let mut most = 0;
        for number in 1..50_000 {
            // One new stranger every 100 µs; each is settled after 50 ms.
            let now_us = u64::from(number) * 100;
            let counter = counters.of(stranger(number), &limits, now_us);
            counter.lock().take_alone(limit, now_us);
            most = most.max(counters.by_subject.len());
        }

        assert!(most <= 1_100, "{most} at a time");
        let again = counters.of(stranger(0), &limits, 5_000_000);
        assert!(Arc::ptr_eq(&held, &again));
    }
}
