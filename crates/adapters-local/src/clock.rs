//! The time of the machine.

use app::ports::Clock;
use jiff::{SignedDuration, Timestamp};

/// Tells the machine's time, in whole microseconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock {
    offset: SignedDuration,
}

impl SystemClock {
    /// A clock that is always this much ahead of the machine's (behind it, if negative): for tests of what time does.
    pub const fn shifted(offset: SignedDuration) -> Self {
        Self { offset }
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the port that everybody else takes the time from"
    )]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        let shifted = now.saturating_add(self.offset).unwrap_or(now);
        Timestamp::from_microsecond(shifted.as_microsecond()).unwrap_or(shifted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_whole_microseconds() {
        let clock = SystemClock::default();

        let are_whole = (0..1_000).all(|_| clock.now().subsec_nanosecond() % 1_000 == 0);

        assert!(are_whole);
    }

    #[test]
    fn a_shifted_clock_goes_along_with_the_right_one() {
        let days = SignedDuration::from_hours(-72);
        let shifted = SystemClock::shifted(days);

        let ahead = SystemClock::default().now().duration_since(shifted.now());

        assert!((ahead + days).abs() < SignedDuration::from_secs(10));
    }

    #[test]
    fn a_shift_beyond_all_time_ends_at_its_end() {
        let clock = SystemClock::shifted(SignedDuration::MAX);

        assert_eq!(clock.now().as_second(), Timestamp::MAX.as_second());
    }
}
