//! Whoever guesses codes is held up.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::ids::ApiKeyId;
use jiff::{SignedDuration, Timestamp};

/// The unknown codes that each key has asked for in the last minute. Each process counts by itself.
#[derive(Debug, Default)]
pub struct Guesses(Mutex<HashMap<ApiKeyId, VecDeque<Timestamp>>>);

impl Guesses {
    /// How many unknown codes a key may ask for in a minute.
    pub const MOST: usize = 20;
    const WINDOW: SignedDuration = SignedDuration::from_mins(1);
    /// More keys than this are not remembered at once: those whose last guess is old go first.
    const KEYS_MAX: usize = 10_000;

    /// Whether a key may ask for another code; if not, in how long.
    pub fn check(&self, key: ApiKeyId, now: Timestamp) -> Result<(), Duration> {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mine) = guesses.get_mut(&key) else {
            return Ok(());
        };
        forget_old(mine, now);
        let Some(first) = mine.front().filter(|_| mine.len() >= Self::MOST) else {
            return Ok(());
        };
        let wait = Self::WINDOW - now.duration_since(*first);
        Err(Duration::try_from(wait).unwrap_or_default())
    }

    /// Notes that a key has asked for a code that there is not.
    pub fn note(&self, key: ApiKeyId, now: Timestamp) {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if guesses.len() >= Self::KEYS_MAX {
            guesses.retain(|_, mine| {
                forget_old(mine, now);
                !mine.is_empty()
            });
        }
        let mine = guesses.entry(key).or_default();
        mine.push_back(now);
        if mine.len() > Self::MOST {
            mine.pop_front();
        }
    }
}

fn forget_old(mine: &mut VecDeque<Timestamp>, now: Timestamp) {
    while mine
        .front()
        .is_some_and(|at| now.duration_since(*at) >= Guesses::WINDOW)
    {
        mine.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;
    use uuid::Uuid;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn key(number: u128) -> ApiKeyId {
        ApiKeyId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn twenty_unknown_codes_a_minute_are_let_through() {
        let guesses = Guesses::default();
        for second in 0..20 {
            assert_eq!(guesses.check(key(1), NOW + second.seconds()), Ok(()));
            guesses.note(key(1), NOW + second.seconds());
        }

        let refused = guesses.check(key(1), NOW + 20.seconds());

        assert_eq!(refused, Err(Duration::from_secs(40)));
        assert_eq!(guesses.check(key(2), NOW + 20.seconds()), Ok(()));
    }

    #[test]
    fn a_minute_later_a_guess_is_forgotten() {
        let guesses = Guesses::default();
        (0..20).for_each(|_| guesses.note(key(1), NOW));

        assert!(guesses.check(key(1), NOW + 59.seconds()).is_err());
        assert!(guesses.check(key(1), NOW + 60.seconds()).is_ok());
    }
}
