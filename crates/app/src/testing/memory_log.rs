//! A log of events in memory, and a relay that brings them from there to a broker.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;

use super::{FixedClock, NOW};
use crate::{
    events::{EventConsumer, EventPosition, LoggedEvent, SHARDS},
    ports::{
        BrokerError, BrokerMemory, EventSink, GroupPlace, MockHeldEvents, StorageError, Stretch,
        Subscription,
    },
};

const PATIENCE: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(20);

/// A log with one reader, the relay, that also remembers how far the groups of a broker have come.
#[derive(Clone, Default)]
pub struct MemoryLog {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    events: Vec<LoggedEvent>,
    /// Up to where the relay is done, by shard.
    done: BTreeMap<i16, EventPosition>,
    received: Vec<LoggedEvent>,
    places: BTreeMap<(String, i16), EventPosition>,
}

impl State {
    fn done(&self, shard: i16) -> EventPosition {
        self.done.get(&shard).copied().unwrap_or_default()
    }
}

impl MemoryLog {
    /// Appends events.
    pub fn append(&self, events: &[LoggedEvent]) {
        self.state().events.extend_from_slice(events);
    }

    /// Up to where a group is known to be done with a shard.
    pub fn place_of(&self, group: &str, shard: i16) -> Option<EventPosition> {
        let place = (group.to_owned(), shard);
        self.state().places.get(&place).copied()
    }

    /// Brings everything that is not published yet to a sink, and comes back to what it has lost.
    ///
    /// # Panics
    /// When the sink has not taken everything after a minute.
    pub async fn relay_to(&self, sink: Arc<dyn EventSink>) {
        let mut held = MockHeldEvents::new();
        held.expect_find_held().returning(|_, _| Ok(HashSet::new()));
        let consumer = EventConsumer {
            name: "relay",
            sink,
            held: Arc::new(held),
            clock: FixedClock::at(NOW),
            batch: 100,
        };
        let (started, mut from) = (Instant::now(), self.clone());
        loop {
            let round = consumer.round(&mut from, Duration::ZERO).await;
            match round {
                Ok(0) => return,
                Ok(_) => {}
                Err(error) => {
                    assert!(started.elapsed() < PATIENCE, "never taken: {error:?}");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Subscription for MemoryLog {
    async fn receive(
        &mut self,
        max: usize,
        _wait: Duration,
    ) -> Result<Vec<LoggedEvent>, BrokerError> {
        let mut state = self.state();
        let is_new = |it: &&LoggedEvent| it.position > state.done(it.shard);
        let events: Vec<_> = state
            .events
            .iter()
            .filter(is_new)
            .take(max)
            .cloned()
            .collect();
        state.received.clone_from(&events);
        Ok(events)
    }

    async fn acknowledge(&mut self) -> Result<(), BrokerError> {
        let mut state = self.state();
        // Everything up to the last one was looked at, of whatever shard.
        let received = std::mem::take(&mut state.received);
        let Some(last) = received.last().map(|it| it.position) else {
            return Ok(());
        };
        for shard in 0..SHARDS {
            let done = state.done(shard).max(last);
            state.done.insert(shard, done);
        }
        Ok(())
    }

    async fn rewind(&mut self, shard: i16, after: EventPosition) -> Result<(), BrokerError> {
        self.state().done.insert(shard, after);
        Ok(())
    }

    async fn leave(&mut self) {}
}

#[async_trait]
impl BrokerMemory for MemoryLog {
    async fn expect_groups(&self, groups: &[&'static str]) -> Result<(), StorageError> {
        let mut state = self.state();
        for group in groups {
            for shard in 0..SHARDS {
                state
                    .places
                    .entry(((*group).to_owned(), shard))
                    .or_default();
            }
        }
        Ok(())
    }

    async fn relayed(&self) -> Result<Vec<(i16, EventPosition)>, StorageError> {
        let state = self.state();
        Ok(state.done.iter().map(|(at, to)| (*at, *to)).collect())
    }

    async fn find_quiet(&self, stretches: &[Stretch]) -> Result<Vec<i16>, StorageError> {
        let state = self.state();
        let is_quiet = |stretch: &&Stretch| {
            !state.events.iter().any(|it| {
                it.shard == stretch.shard
                    && it.position > stretch.after
                    && it.position <= stretch.through
            })
        };
        let quiet = stretches.iter().filter(is_quiet);
        Ok(quiet.map(|it| it.shard).collect())
    }

    async fn last_published(&self, shard: i16) -> Result<EventPosition, StorageError> {
        let state = self.state();
        let done = state.done(shard);
        let published = |it: &&LoggedEvent| it.shard == shard && it.position <= done;
        let last = state.events.iter().rfind(published);
        Ok(last.map_or(EventPosition::START, |it| it.position))
    }

    async fn note_places(
        &self,
        places: &[GroupPlace],
    ) -> Result<Vec<(i16, EventPosition)>, StorageError> {
        let mut state = self.state();
        for place in places {
            let known = state.places.entry((place.group.clone(), place.shard));
            let known = known.or_default();
            *known = place.done.max(*known);
        }
        let mut bounds = BTreeMap::new();
        for ((_, shard), place) in &state.places {
            let bound = bounds.entry(*shard).or_insert(state.done(*shard));
            *bound = place.min(bound).to_owned();
        }
        Ok(bounds.into_iter().collect())
    }
}
