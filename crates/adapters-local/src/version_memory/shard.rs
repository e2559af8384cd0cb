//! A part of what is remembered. Nothing here knows what time it is.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Instant,
};

use app::ports::CacheAnswer;
use domain::version::Version;

use super::{
    Key, Remembered,
    floors::{Floors, Hash, Told},
};

/// Things with versions, and the floors under them.
///
/// When it is full, the oldest entry goes; one that was asked for since it was last looked at gets a second chance. So
/// what is asked for once does not push out what is asked for all the time.
pub(super) struct Shard<K, V> {
    entries: HashMap<K, Entry<V>>,
    /// Oldest first. A place whose number is not that of the entry is of one that is no longer there.
    order: VecDeque<(K, u64)>,
    last_place: u64,
    capacity: usize,
    weight: usize,
    floors: Floors,
}

struct Entry<V> {
    /// `None`: there is no such thing.
    value: Option<Arc<V>>,
    until: Instant,
    weight: usize,
    place: u64,
    was_asked_for: bool,
}

impl<V: Remembered> Entry<V> {
    fn version(&self) -> Option<Version> {
        self.value.as_ref().map(|value| value.version())
    }
}

impl<K: Key, V: Remembered> Shard<K, V> {
    /// About what an entry takes besides its value: itself and its place in the order, with the room that both tables keep
    /// free.
    const ENTRY_BYTES: usize = 2 * (size_of::<(K, Entry<V>)>() + size_of::<(K, u64)>());

    /// An empty one that uses this many bytes at most, about.
    pub(super) fn new(capacity_bytes: usize) -> Self {
        let for_floors = capacity_bytes / 4;
        Self {
            entries: HashMap::new(),
            order: VecDeque::new(),
            last_place: 0,
            capacity: capacity_bytes - for_floors,
            weight: 0,
            floors: Floors::new(for_floors),
        }
    }

    /// About how many bytes are used.
    pub(super) fn weight(&self) -> usize {
        self.weight + self.floors.weight()
    }

    pub(super) fn floors(&mut self) -> &mut Floors {
        &mut self.floors
    }

    pub(super) fn get(&mut self, key: &K, hash: Hash, now: Instant) -> CacheAnswer<V> {
        let Some(entry) = self.entries.get_mut(key).filter(|entry| now < entry.until) else {
            return match self.floors.announced(hash, now) {
                Told::Last(Some(version)) => CacheAnswer::Announced(version),
                Told::Last(None) | Told::AmongOthers => CacheAnswer::Miss,
            };
        };
        entry.was_asked_for = true;
        match &entry.value {
            Some(value) => CacheAnswer::Hit(Arc::clone(value)),
            None => CacheAnswer::Absent,
        }
    }

    /// Whether something above this version was announced or is remembered.
    pub(super) fn is_stale(&self, key: &K, hash: Hash, version: Version, now: Instant) -> bool {
        let known = self
            .floors
            .lowest(hash, now)
            .max(self.remembered_version(key, now));
        known.is_some_and(|known| version < known)
    }

    /// Whether the thing is remembered.
    pub(super) fn holds(&self, key: &K, now: Instant) -> bool {
        self.remembered_version(key, now).is_some()
    }

    fn remembered_version(&self, key: &K, now: Instant) -> Option<Version> {
        let entry = self.entries.get(key)?;
        if now < entry.until {
            entry.version()
        } else {
            None
        }
    }

    pub(super) fn remember(&mut self, key: K, value: Arc<V>, until: Instant) {
        let weight = value.weight_bytes();
        self.put(key, Some(value), weight, until);
    }

    pub(super) fn remember_absent(&mut self, key: K, until: Instant) {
        self.put(key, None, 0, until);
    }

    /// Forgets what is older than this version, and that there was none.
    pub(super) fn drop_below(&mut self, key: &K, version: Version) {
        let is_older = |entry: &Entry<V>| entry.version().is_none_or(|known| known < version);
        if self.entries.get(key).is_some_and(is_older) {
            self.remove(key);
        }
    }

    fn put(&mut self, key: K, value: Option<Arc<V>>, weight: usize, until: Instant) {
        let weight = weight + key.heap_bytes() + Self::ENTRY_BYTES;
        self.remove(&key);
        if weight > self.capacity {
            return;
        }
        while self.weight + weight > self.capacity
            && let Some(oldest) = self.order.pop_front()
        {
            self.drop_unless_asked_for(oldest);
        }
        self.last_place += 1;
        let entry = Entry {
            value,
            until,
            weight,
            place: self.last_place,
            was_asked_for: false,
        };
        self.order.push_back((key.clone(), self.last_place));
        self.entries.insert(key, entry);
        self.weight += weight;
        self.tidy_order();
    }

    fn remove(&mut self, key: &K) {
        if let Some(entry) = self.entries.remove(key) {
            self.weight -= entry.weight;
        }
    }

    fn drop_unless_asked_for(&mut self, (key, place): (K, u64)) {
        match self.entries.get_mut(&key) {
            Some(entry) if entry.place == place && entry.was_asked_for => {
                entry.was_asked_for = false;
                self.order.push_back((key, place));
            }
            Some(entry) if entry.place == place => self.remove(&key),
            Some(_) | None => {}
        }
    }

    /// Drops the places of entries that are gone, once they are the most.
    fn tidy_order(&mut self) {
        if self.order.len() > 2 * self.entries.len() + 64 {
            let entries = &self.entries;
            self.order
                .retain(|(key, place)| entries.get(key).is_some_and(|entry| entry.place == *place));
        }
    }
}

#[cfg(test)]
mod tests;
