//! When a delivery is tried again, and when an endpoint is given up.

use jiff::{SignedDuration, Timestamp};

/// How often a delivery is tried.
pub const ATTEMPTS_MAX: u32 = 10;

/// After how long of nothing but failures an endpoint is disabled.
pub const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(5 * 24);

const SECOND: i64 = 1;
const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;

/// The pauses after the first attempt, the second, and so on, in seconds.
const PAUSES_S: [i64; 9] = [
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
];

/// By how much a pause is longer or shorter than planned, so that what failed together does not come back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Jitter {
    per_mille: i64,
}

impl Jitter {
    /// The most, in thousandths of the pause.
    const PER_MILLE_MAX: u32 = 200;
    /// How many there are: what dice that choose one must have as sides.
    pub const KINDS: u32 = 2 * Self::PER_MILLE_MAX + 1;
    /// None.
    pub const NONE: Self = Self { per_mille: 0 };

    /// The one that dice with [`Self::KINDS`] sides have chosen, from 0.
    pub fn chosen(side: u32) -> Self {
        let side = i64::from(side % Self::KINDS);
        Self {
            per_mille: side - i64::from(Self::PER_MILLE_MAX),
        }
    }
}

/// How long to wait after so many attempts; `None` when there were enough.
pub fn pause_after(attempts: u32, jitter: Jitter) -> Option<SignedDuration> {
    let planned = usize::try_from(attempts)
        .ok()
        .and_then(|attempts| PAUSES_S.get(attempts.checked_sub(1)?))?;
    Some(SignedDuration::from_millis(
        planned * (1_000 + jitter.per_mille),
    ))
}

/// Whether an endpoint has done nothing but fail for too long.
pub fn is_hopeless(failing_since: Timestamp, now: Timestamp) -> bool {
    now.duration_since(failing_since) >= GIVE_UP_AFTER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_pause_between_ten_attempts() {
        let pauses: Vec<_> = (0..=ATTEMPTS_MAX)
            .map(|attempts| pause_after(attempts, Jitter::NONE).map(|it| it.as_secs()))
            .collect();

        let hours = |hours: i64| Some(hours * 3_600);
        assert_eq!(
            pauses,
            [
                None,
                Some(5),
                Some(300),
                Some(1_800),
                hours(2),
                hours(5),
                hours(10),
                hours(14),
                hours(20),
                hours(24),
                None,
            ]
        );
    }

    #[test]
    fn a_pause_is_a_fifth_longer_or_shorter_at_most() {
        let pauses: Vec<_> = (0..Jitter::KINDS)
            .filter_map(|side| pause_after(1, Jitter::chosen(side)))
            .collect();

        assert_eq!(pauses.iter().min(), Some(&SignedDuration::from_secs(4)));
        assert_eq!(pauses.iter().max(), Some(&SignedDuration::from_secs(6)));
    }

    #[test]
    fn an_endpoint_is_hopeless_after_five_days() {
        let since: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let day = SignedDuration::from_hours(24);

        assert!(!is_hopeless(
            since,
            since + day * 5 - SignedDuration::from_secs(1)
        ));
        assert!(is_hopeless(since, since + day * 5));
    }
}
