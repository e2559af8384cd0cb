//! The calls of the last while.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use super::{BreakerTerms, CallVerdict};

/// In how many slots calls are counted: a call counts for the window, give or take one of them.
const SLOTS: i64 = 20;

/// Counts calls in slots of time, so that it costs the same however many there are.
#[derive(Debug)]
pub(super) struct Window {
    slot_us: i64,
    slots: VecDeque<Slot>,
}

#[derive(Debug)]
struct Slot {
    number: i64,
    calls: u64,
    failed: u64,
}

impl Window {
    pub(super) fn new(length: SignedDuration) -> Self {
        let length_us = i64::try_from(length.as_micros()).unwrap_or(i64::MAX);
        Self {
            slot_us: (length_us / SLOTS).max(1),
            slots: VecDeque::new(),
        }
    }

    pub(super) fn count(&mut self, verdict: CallVerdict, now: Timestamp) {
        let number = now.as_microsecond().div_euclid(self.slot_us);
        while self
            .slots
            .front()
            .is_some_and(|it| it.number <= number - SLOTS)
        {
            self.slots.pop_front();
        }
        // A clock that was put back counts on in the newest slot.
        if self.slots.back().is_none_or(|it| it.number < number) {
            let (calls, failed) = (0, 0);
            self.slots.push_back(Slot {
                number,
                calls,
                failed,
            });
        }
        if let Some(slot) = self.slots.back_mut() {
            slot.calls += 1;
            slot.failed += u64::from(verdict == CallVerdict::Failed);
        }
    }

    pub(super) fn is_bad(&self, terms: &BreakerTerms) -> bool {
        let calls: u64 = self.slots.iter().map(|it| it.calls).sum();
        let failed: u64 = self.slots.iter().map(|it| it.failed).sum();
        calls >= u64::from(terms.calls_min)
            && failed > 0
            && failed * 100 >= calls * u64::from(terms.failures_pct_min)
    }
}
