//! Announcements that have not arrived in Redis yet.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use app::ports::{CacheError, SLOWEST_READER};
use domain::version::Version;

/// About 25 MB, and ten minutes of 300 changes a second with Redis out of reach.
const PENDING_MAX: usize = 200_000;

/// A thing has reached this version.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Announcement<K> {
    pub(super) key: K,
    pub(super) version: Version,
}

/// So many announcements are pending that some had to be forgotten: nothing in Redis can be trusted until what they made
/// old has ended by itself.
#[derive(Debug, thiserror::Error)]
#[error(
    "too many changes could not be announced: the cache is not used until what is old has ended"
)]
struct Distrusted;

/// What has to be said to Redis, and must not be answered until it is. An announcement is dropped when what it makes
/// old has ended in Redis by itself.
pub(super) struct Pending<K> {
    kept_for: Duration,
    max: usize,
    /// Whether there is anything to look for; almost always not.
    is_in_use: AtomicBool,
    state: Mutex<State<K>>,
}

struct State<K> {
    by_key: HashMap<K, Added>,
    distrust_until: Option<Instant>,
}

#[derive(Clone, Copy)]
struct Added {
    version: Version,
    at: Instant,
}

impl<K: Clone + Eq + Hash> Pending<K> {
    /// None yet. `ttl_max` is how long a thing stays in Redis at most.
    pub(super) fn new(ttl_max: Duration) -> Self {
        Self {
            kept_for: ttl_max + SLOWEST_READER,
            max: PENDING_MAX,
            is_in_use: AtomicBool::new(false),
            state: Mutex::new(State {
                by_key: HashMap::new(),
                distrust_until: None,
            }),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.state().by_key.len()
    }

    /// The version below which Redis must not be believed, if one is pending.
    pub(super) fn floor(&self, key: &K, now: Instant) -> Result<Option<Version>, CacheError> {
        if !self.is_in_use.load(Ordering::SeqCst) {
            return Ok(None);
        }
        let mut state = self.state();
        match state.distrust_until {
            Some(until) if now < until => return Err(CacheError(Box::new(Distrusted))),
            Some(_) | None => state.distrust_until = None,
        }
        Ok(state.by_key.get(key).map(|added| added.version))
    }

    /// Something has to be said.
    pub(super) fn add(&self, Announcement { key, version }: Announcement<K>, now: Instant) {
        let mut state = self.state();
        let has_room = state.by_key.len() < self.max;
        match state.by_key.entry(key) {
            Entry::Occupied(mut added) => {
                let version = version.max(added.get().version);
                added.insert(Added { version, at: now });
            }
            Entry::Vacant(room) if has_room => {
                room.insert(Added { version, at: now });
            }
            Entry::Vacant(_) => state.distrust_until = Some(now + self.kept_for),
        }
        self.is_in_use.store(true, Ordering::SeqCst);
    }

    /// Redis has heard it.
    pub(super) fn settle(&self, said: &Announcement<K>) {
        let mut state = self.state();
        if let Entry::Occupied(added) = state.by_key.entry(said.key.clone())
            && added.get().version <= said.version
        {
            added.remove();
        }
        self.note_use(&state);
    }

    /// Up to `count` of those that are still to be said, in any order.
    pub(super) fn some(&self, count: usize) -> Vec<Announcement<K>> {
        let state = self.state();
        let pending = state.by_key.iter().take(count);
        let announcement = |(key, added): (&K, &Added)| Announcement {
            key: key.clone(),
            version: added.version,
        };
        pending.map(announcement).collect()
    }

    /// Drops those that are not worth saying any more.
    pub(super) fn drop_ended(&self, now: Instant) {
        let mut state = self.state();
        let kept_for = self.kept_for;
        state.by_key.retain(|_, added| now < added.at + kept_for);
        self.note_use(&state);
    }

    fn note_use(&self, state: &State<K>) {
        let is_in_use = !state.by_key.is_empty() || state.distrust_until.is_some();
        self.is_in_use.store(is_in_use, Ordering::SeqCst);
    }

    fn state(&self) -> MutexGuard<'_, State<K>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TTL: Duration = Duration::from_secs(330);

    fn reached(key: u32, version: i64) -> Announcement<u32> {
        let version = Version::new(version);
        Announcement { key, version }
    }

    fn floor(pending: &Pending<u32>, key: u32, now: Instant) -> Option<i64> {
        let floor = pending.floor(&key, now).unwrap();
        floor.map(Version::as_i64)
    }

    #[test]
    fn the_highest_version_is_pending_until_it_is_said() {
        let (pending, now) = (Pending::new(TTL), Instant::now());
        for version in [2, 4, 3] {
            pending.add(reached(1, version), now);
        }

        pending.settle(&reached(1, 3));
        assert_eq!(floor(&pending, 1, now), Some(4));
        assert_eq!(pending.some(10), [reached(1, 4)]);

        pending.settle(&reached(1, 4));
        assert_eq!(floor(&pending, 1, now), None);
        assert!(!pending.is_in_use.load(Ordering::SeqCst));
    }

    #[test]
    fn what_has_ended_in_redis_by_itself_is_not_said_any_more() {
        let (pending, now) = (Pending::new(TTL), Instant::now());
        pending.add(reached(1, 2), now);
        let ended = now + TTL + SLOWEST_READER;

        pending.drop_ended(ended.checked_sub(Duration::from_millis(1)).unwrap());
        assert_eq!(pending.len(), 1);
        pending.drop_ended(ended);

        assert_eq!(pending.len(), 0);
    }

    #[test]
    fn more_than_can_be_kept_is_forgotten_and_nothing_is_believed_until_it_does_not_matter() {
        let mut pending = Pending::new(TTL);
        pending.max = 10;
        let now = Instant::now();

        for number in 0..11 {
            pending.add(reached(number, 2), now);
        }
        for number in 0..11 {
            pending.settle(&reached(number, 2));
        }

        assert_eq!(pending.len(), 0);
        assert!(pending.floor(&99, now + TTL).is_err());
        let later = now + TTL + SLOWEST_READER;
        assert_eq!(floor(&pending, 99, later), None);
    }
}
