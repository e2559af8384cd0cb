//! The codes that somebody has guessed.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use domain::ids::ApiKeyId;
use jiff::{SignedDuration, Timestamp};

/// The unknown codes that a key has asked for in the last minute.
#[derive(Debug, Default)]
pub struct GuessWindow(VecDeque<Timestamp>);

impl GuessWindow {
    /// How many unknown codes a key may ask for in a window.
    pub const MOST: usize = 20;
    /// How long a guess counts.
    pub const LENGTH: SignedDuration = SignedDuration::from_mins(1);

    /// Whether a key may ask for another code; if not, in how long.
    pub fn room(&mut self, now: Timestamp) -> Result<(), Duration> {
        self.forget_old(now);
        let Some(first) = self.0.front().filter(|_| self.0.len() >= Self::MOST) else {
            return Ok(());
        };
        let wait = Self::LENGTH - now.duration_since(*first);
        Err(Duration::try_from(wait).unwrap_or_default())
    }

    fn note(&mut self, now: Timestamp) -> Result<(), Duration> {
        self.room(now)?;
        self.0.push_back(now);
        Ok(())
    }

    fn forget_old(&mut self, now: Timestamp) {
        let is_old = |at: &Timestamp| now.duration_since(*at) >= Self::LENGTH;
        while self.0.front().is_some_and(is_old) {
            self.0.pop_front();
        }
    }
}

/// Those of many keys.
#[derive(Debug, Default)]
pub struct GuessWindows(HashMap<ApiKeyId, GuessWindow>);

impl GuessWindows {
    /// More keys than this are not remembered at once: those whose last guess is old go first.
    const KEYS_MAX: usize = 10_000;

    /// Whether a key may ask for another code; if not, in how long.
    pub fn room(&mut self, key: ApiKeyId, now: Timestamp) -> Result<(), Duration> {
        self.0.get_mut(&key).map_or(Ok(()), |mine| mine.room(now))
    }

    /// Notes a guess, unless there is no room for it.
    pub fn note(&mut self, key: ApiKeyId, now: Timestamp) -> Result<(), Duration> {
        if self.0.len() >= Self::KEYS_MAX {
            self.0.retain(|_, mine| {
                mine.forget_old(now);
                !mine.0.is_empty()
            });
        }
        self.0.entry(key).or_default().note(now)
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
        let mut guesses = GuessWindows::default();
        for second in 0..20 {
            let now = NOW + second.seconds();
            assert!(guesses.room(key(1), now).is_ok());
            assert!(guesses.note(key(1), now).is_ok());
        }

        let refused = guesses.room(key(1), NOW + 20.seconds());

        assert_eq!(refused, Err(Duration::from_secs(40)));
        assert_eq!(guesses.note(key(1), NOW + 20.seconds()), refused);
    }

    #[test]
    fn a_minute_later_a_guess_is_forgotten() {
        let mut guesses = GuessWindows::default();
        (0..20).for_each(|_| guesses.note(key(1), NOW).unwrap_or_default());

        assert!(guesses.room(key(1), NOW + 59.seconds()).is_err());
        assert!(guesses.room(key(1), NOW + 60.seconds()).is_ok());
    }

    #[test]
    fn keys_whose_guesses_are_old_are_forgotten_when_there_are_many() {
        let mut guesses = GuessWindows::default();
        for number in 0..10_000 {
            guesses.note(key(number), NOW).unwrap_or_default();
        }

        let noted = guesses.note(key(10_000), NOW + 60.seconds());

        assert_eq!((noted, guesses.0.len()), (Ok(()), 1));
    }
}
