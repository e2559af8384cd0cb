//! What Redis has said of keys, for as long as it need not be asked again.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use domain::ids::ApiKeyId;

/// For how long a key that may ask is not asked about.
const LATE: Duration = Duration::from_millis(100);

/// More keys than this are not remembered at once.
const KEYS_MAX: usize = 10_000;

#[derive(Debug, Clone, Copy)]
struct Said {
    until: Instant,
    is_refused: bool,
}

/// What was said.
#[derive(Debug, Default)]
pub(super) struct Heard(HashMap<ApiKeyId, Said>);

impl Heard {
    /// Whether a key may ask, or in how long; `None` when that is not known any more.
    pub(super) fn tell(&self, key: ApiKeyId, now: Instant) -> Option<Result<(), Duration>> {
        let said = self.0.get(&key).filter(|said| said.until > now)?;
        Some(if said.is_refused {
            Err(said.until - now)
        } else {
            Ok(())
        })
    }

    /// Notes in how long a key may ask.
    pub(super) fn note(&mut self, key: ApiKeyId, wait: Duration, now: Instant) {
        if self.0.len() >= KEYS_MAX {
            self.0.retain(|_, said| said.until > now);
        }
        let is_refused = !wait.is_zero();
        let until = now + if is_refused { wait } else { LATE };
        self.0.insert(key, Said { until, is_refused });
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const KEY: ApiKeyId = ApiKeyId::from_uuid(Uuid::from_u128(1));

    #[test]
    fn a_key_that_may_ask_is_asked_about_again_after_a_tenth_of_a_second() {
        let (mut heard, now) = (Heard::default(), Instant::now());

        heard.note(KEY, Duration::ZERO, now);

        assert_eq!(heard.tell(KEY, now), Some(Ok(())));
        assert_eq!(heard.tell(KEY, now + LATE), None);
    }

    #[test]
    fn one_that_may_not_is_refused_until_its_time() {
        let (mut heard, now) = (Heard::default(), Instant::now());

        heard.note(KEY, Duration::from_secs(40), now);

        let later = now + Duration::from_secs(30);
        let left = Err(Duration::from_secs(10));
        assert_eq!(heard.tell(KEY, later), Some(left));
        assert_eq!(heard.tell(KEY, now + Duration::from_secs(40)), None);
    }
}
