//! Versions below which nothing may be remembered any more, because they were announced.

use std::{
    collections::{HashMap, VecDeque},
    time::Instant,
};

use domain::version::Version;

/// A keyed hash of a key. Two things that share one share a floor: the lower of them is then
/// not remembered, which costs a query and is never wrong.
pub(super) type Hash = u64;

/// About what one floor takes: its entry and its place in the order, with the room that both tables keep free.
const FLOOR_BYTES: usize = 96;
const BUCKETS: usize = 1_024;
const _: () = assert!(BUCKETS.is_power_of_two());

/// The announced versions of the last minutes.
///
/// Those for which there is no room are not forgotten but merged, many invoices into one bucket, under the highest of their
/// versions: again at the cost of a query for some, never of an old answer. An invoice that was only ever created shows
/// nothing of it: nothing is below version 1.
pub(super) struct Floors {
    capacity: usize,
    exact: HashMap<Hash, Floor>,
    /// Oldest first. A floor that was raised since has a younger place, too.
    order: VecDeque<(Hash, Instant)>,
    merged: Vec<Option<Floor>>,
}

#[derive(Debug, Clone, Copy)]
struct Floor {
    version: Version,
    until: Instant,
}

/// What is known of the announcements of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// The highest version, if there was any.
    Last(Option<Version>),
    /// Nothing that could be told from those of others.
    AmongOthers,
}

impl Floor {
    fn raise(&mut self, other: Self) {
        self.version = self.version.max(other.version);
        self.until = self.until.max(other.until);
    }
}

impl Floors {
    /// None yet, in this much memory, about.
    pub(super) fn new(capacity_bytes: usize) -> Self {
        Self {
            capacity: capacity_bytes / FLOOR_BYTES,
            exact: HashMap::new(),
            order: VecDeque::new(),
            merged: Vec::new(),
        }
    }

    /// About how much memory is used.
    pub(super) fn weight(&self) -> usize {
        self.order.len() * FLOOR_BYTES + self.merged.len() * size_of::<Option<Floor>>()
    }

    /// The lowest version that may be remembered; `None` when nothing was announced.
    pub(super) fn lowest(&self, hash: Hash, now: Instant) -> Option<Version> {
        let exact = self.exact.get(&hash);
        let merged = self.merged.get(bucket_of(hash)).and_then(Option::as_ref);
        let floors = exact.into_iter().chain(merged);
        let in_force = floors.filter(|floor| now < floor.until);
        in_force.map(|floor| floor.version).max()
    }

    /// What was last announced of this thing alone.
    pub(super) fn announced(&self, hash: Hash, now: Instant) -> Told {
        let in_force = |floor: &&Floor| now < floor.until;
        let merged = self.merged.get(bucket_of(hash)).and_then(Option::as_ref);
        if merged.is_some_and(|floor| in_force(&floor)) {
            return Told::AmongOthers;
        }
        let exact = self.exact.get(&hash).filter(in_force);
        Told::Last(exact.map(|floor| floor.version))
    }

    /// Announces a version.
    pub(super) fn raise(&mut self, hash: Hash, version: Version, now: Instant, until: Instant) {
        let raised = Floor { version, until };
        let floor = self.exact.entry(hash).or_insert(raised);
        floor.raise(raised);
        self.order.push_back((hash, floor.until));
        while self.order.len() > self.capacity || self.oldest_is_over(now) {
            self.drop_oldest(now);
        }
    }

    fn oldest_is_over(&self, now: Instant) -> bool {
        self.order.front().is_some_and(|(_, until)| *until <= now)
    }

    fn drop_oldest(&mut self, now: Instant) {
        let Some((hash, until)) = self.order.pop_front() else {
            return;
        };
        let has_younger_place = |floor: &Floor| floor.until != until;
        if self.exact.get(&hash).is_none_or(has_younger_place) {
            return;
        }
        if let Some(floor) = self.exact.remove(&hash)
            && now < floor.until
        {
            self.merge(hash, floor);
        }
    }

    fn merge(&mut self, hash: Hash, floor: Floor) {
        if self.merged.is_empty() {
            self.merged.resize(BUCKETS, None);
        }
        if let Some(bucket) = self.merged.get_mut(bucket_of(hash)) {
            bucket.get_or_insert(floor).raise(floor);
        }
    }
}

fn bucket_of(hash: Hash) -> usize {
    let [first, second, ..] = hash.to_le_bytes();
    usize::from(u16::from_le_bytes([first, second])) % BUCKETS
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const MINUTES: Duration = Duration::from_mins(5);

    fn version(number: i64) -> Version {
        Version::new(number)
    }

    #[test]
    fn a_floor_rises_and_ends() {
        let (mut floors, now) = (Floors::new(100_000), Instant::now());

        floors.raise(1, version(3), now, now + MINUTES);
        let later = now + Duration::from_secs(1);
        floors.raise(1, version(2), later, later + MINUTES);

        assert_eq!(floors.lowest(1, now), Some(version(3)));
        assert_eq!(floors.lowest(1, now + MINUTES), Some(version(3)));
        assert_eq!(floors.lowest(1, later + MINUTES), None);
        assert_eq!(floors.lowest(2, now), None);
        assert_eq!(floors.announced(1, now), Told::Last(Some(version(3))));
        assert_eq!(floors.announced(1, later + MINUTES), Told::Last(None));
        assert_eq!(floors.announced(2, now), Told::Last(None));
    }

    #[test]
    fn floors_without_room_are_merged_and_still_hold() {
        let (mut floors, now) = (Floors::new(100 * FLOOR_BYTES), Instant::now());

        for hash in 0..5_000 {
            floors.raise(hash, version(2), now, now + MINUTES);
        }

        assert_eq!((floors.exact.len(), floors.order.len()), (100, 100));
        // A new announcement may hide behind an old one of somebody else.
        assert!((0..5_000).all(|hash| floors.announced(hash, now) == Told::AmongOthers));
        assert!((0..5_000).all(|hash| floors.lowest(hash, now) == Some(version(2))));
        assert_eq!(floors.lowest(0, now + MINUTES), None);
    }

    #[test]
    fn floors_that_are_over_leave_nothing_behind() {
        let (mut floors, start) = (Floors::new(1_000 * FLOOR_BYTES), Instant::now());

        for second in 0..2_000 {
            let now = start + Duration::from_secs(second);
            floors.raise(second % 500, version(1), now, now + MINUTES);
        }

        assert_eq!(floors.exact.len(), 300);
        assert!(floors.merged.is_empty());
    }

    #[test]
    fn one_invoice_that_changes_again_and_again_takes_no_more_room_than_there_is() {
        let (mut floors, now) = (Floors::new(100 * FLOOR_BYTES), Instant::now());

        for change in 1..=10_000 {
            let until = now + MINUTES + Duration::from_millis(change);
            floors.raise(1, version(i64::try_from(change).unwrap()), now, until);
        }

        assert!(floors.order.len() <= 100);
        assert_eq!(floors.lowest(1, now), Some(version(10_000)));
        assert!(floors.merged.is_empty());
    }
}
