//! When a provider is asked what became of a payment that nobody knows about.

use jiff::{SignedDuration, Timestamp};

/// The pauses by default, in seconds: 10 s, 1 min, 5 min, 1 h, 1 d.
const PAUSES_S: [i64; 5] = [10, 60, 300, 3_600, 86_400];

/// The pauses before each look at the provider. There is no end to it: what moved money, or did not, has to be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckSchedule {
    pauses: Vec<SignedDuration>,
}

impl CheckSchedule {
    /// These pauses, the last of which repeats. The default ones when there are none.
    pub fn new(pauses: Vec<SignedDuration>) -> Self {
        if pauses.is_empty() {
            Self::default()
        } else {
            Self { pauses }
        }
    }

    /// When to look after so many looks.
    pub fn next_after(&self, checks: u32, now: Timestamp) -> Timestamp {
        let index = usize::try_from(checks).unwrap_or(usize::MAX);
        let pause = self.pauses.get(index).or(self.pauses.last());
        let pause = pause.copied().unwrap_or_default();
        now.checked_add(pause).unwrap_or(Timestamp::MAX)
    }
}

impl Default for CheckSchedule {
    fn default() -> Self {
        Self {
            pauses: PAUSES_S.map(SignedDuration::from_secs).to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn looks_become_rarer_and_go_on_once_a_day() {
        let schedule = CheckSchedule::default();

        let pauses: Vec<_> = (0..7)
            .map(|checks| schedule.next_after(checks, NOW).as_second())
            .collect();

        assert_eq!(pauses, [10, 60, 300, 3_600, 86_400, 86_400, 86_400]);
    }

    #[test]
    fn without_pauses_there_are_the_default_ones() {
        assert_eq!(CheckSchedule::new(Vec::new()), CheckSchedule::default());
    }

    proptest! {
        #[test]
        fn there_is_always_another_look_and_never_a_shorter_pause(checks in any::<u32>()) {
            let schedule = CheckSchedule::default();

            let this = schedule.next_after(checks, NOW);
            let next = schedule.next_after(checks.saturating_add(1), NOW);

            prop_assert!(this > NOW);
            prop_assert!(this <= next);
        }
    }
}
