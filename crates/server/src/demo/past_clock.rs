//! A clock that stands at whatever instant the story is at.

use std::sync::atomic::{AtomicI64, Ordering};

use app::ports::Clock;
use jiff::Timestamp;

/// Stands until it is turned.
pub(super) struct PastClock {
    microseconds: AtomicI64,
}

impl PastClock {
    pub(super) fn at(instant: Timestamp) -> Self {
        Self {
            microseconds: AtomicI64::new(instant.as_microsecond()),
        }
    }

    pub(super) fn turn_to(&self, instant: Timestamp) {
        let microseconds = instant.as_microsecond();
        self.microseconds.store(microseconds, Ordering::Relaxed);
    }
}

impl Clock for PastClock {
    fn now(&self) -> Timestamp {
        let microseconds = self.microseconds.load(Ordering::Relaxed);
        Timestamp::from_microsecond(microseconds).unwrap_or_default()
    }
}
