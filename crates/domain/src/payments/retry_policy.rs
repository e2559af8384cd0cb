//! When a payment that a provider could not take is tried again.

use jiff::{SignedDuration, Timestamp};

/// What follows an attempt that may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryDecision {
    /// Another attempt, not before this.
    At(Timestamp),
    /// No other attempt: there were enough.
    Never,
}

/// A share of a pause, so that what failed together does not come back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance {
    per_mille: u32,
}

impl Chance {
    /// How many there are: what dice that choose one must have as sides.
    pub const KINDS: u32 = 1_001;
    /// The whole pause.
    pub const WHOLE: Self = Self { per_mille: 1_000 };

    /// The one that dice with [`Self::KINDS`] sides have chosen, from 0.
    pub const fn chosen(side: u32) -> Self {
        Self {
            per_mille: side % Self::KINDS,
        }
    }
}

/// How often, and how soon: exponential backoff with full jitter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts_max: u32,
    pause_first: SignedDuration,
    pause_max: SignedDuration,
}

impl RetryPolicy {
    /// So many attempts in all; the pause after the first one, which doubles after each, and the longest pause.
    pub const fn new(
        attempts_max: u32,
        pause_first: SignedDuration,
        pause_max: SignedDuration,
    ) -> Self {
        Self {
            attempts_max,
            pause_first,
            pause_max,
        }
    }

    /// What follows when so many attempts have been made.
    pub fn decide(&self, attempts: u32, chance: Chance, now: Timestamp) -> RetryDecision {
        if attempts >= self.attempts_max {
            return RetryDecision::Never;
        }
        let pause = share(self.pause_after(attempts), chance);
        now.checked_add(pause)
            .map_or(RetryDecision::Never, RetryDecision::At)
    }

    /// The pause at its longest.
    fn pause_after(&self, attempts: u32) -> SignedDuration {
        let doublings = attempts.saturating_sub(1).min(30);
        self.pause_first
            .checked_mul(1 << doublings)
            .map_or(self.pause_max, |pause| pause.min(self.pause_max))
    }
}

impl Default for RetryPolicy {
    /// 5 attempts, with pauses of up to 1, 2, 4 and 8 seconds between them, and never more than 30.
    fn default() -> Self {
        Self::new(
            5,
            SignedDuration::from_secs(1),
            SignedDuration::from_secs(30),
        )
    }
}

/// In whole microseconds, which is what storage keeps.
fn share(pause: SignedDuration, chance: Chance) -> SignedDuration {
    let micros = pause.as_micros() * i128::from(chance.per_mille) / 1_000;
    SignedDuration::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn after(decision: RetryDecision) -> Option<SignedDuration> {
        match decision {
            RetryDecision::At(at) => Some(at.duration_since(NOW)),
            RetryDecision::Never => None,
        }
    }

    #[test]
    fn pauses_double_up_to_the_longest() {
        let policy = RetryPolicy {
            attempts_max: 8,
            ..RetryPolicy::default()
        };

        let pauses: Vec<_> = (1..=8)
            .map(|attempts| after(policy.decide(attempts, Chance::WHOLE, NOW)))
            .map(|pause| pause.map(|it| it.as_secs()))
            .collect();

        let expected = [1, 2, 4, 8, 16, 30, 30].map(Some);
        assert_eq!(pauses[..7], expected);
        assert_eq!(pauses[7], None);
    }

    #[test]
    fn there_are_five_attempts_by_default() {
        let policy = RetryPolicy::default();

        assert!(after(policy.decide(4, Chance::WHOLE, NOW)).is_some());
        assert!(after(policy.decide(5, Chance::WHOLE, NOW)).is_none());
    }

    proptest! {
        #[test]
        fn a_pause_is_never_longer_than_planned_and_the_policy_always_ends(
            attempts_max in 1_u32..100, first_ms in 1_i64..100_000, max_ms in 1_i64..1_000_000,
            attempts in 1_u32..200, side in any::<u32>(),
        ) {
            let longest = SignedDuration::from_millis(max_ms);
            let policy = RetryPolicy::new(attempts_max, SignedDuration::from_millis(first_ms), longest);

            let pause = after(policy.decide(attempts, Chance::chosen(side), NOW));
            let whole = after(policy.decide(attempts, Chance::WHOLE, NOW));

            prop_assert_eq!(pause.is_none(), attempts >= attempts_max);
            prop_assert!(pause.is_none_or(|it| SignedDuration::ZERO <= it && it <= longest));
            prop_assert!(pause <= whole);
        }

        #[test]
        fn more_attempts_never_mean_a_shorter_pause(attempts in 1_u32..99) {
            let policy = RetryPolicy { attempts_max: 100, ..RetryPolicy::default() };

            let this = after(policy.decide(attempts, Chance::WHOLE, NOW));
            let next = after(policy.decide(attempts + 1, Chance::WHOLE, NOW));

            prop_assert!(next.is_none() || this <= next);
        }
    }
}
