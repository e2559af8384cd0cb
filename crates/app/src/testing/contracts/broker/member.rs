//! A member of a group that takes note of what it receives.

use std::{
    collections::{HashMap, HashSet},
    time::{Duration, Instant},
};

use domain::ids::EventId;

use crate::{
    events::{CloudEvent, LoggedEvent},
    ports::{ConsumerGroup, EventSource, Subscription},
};

/// How long it waits for what must come.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);
const WAIT: Duration = Duration::from_millis(200);
const PAUSE: Duration = Duration::from_millis(20);
const AT_ONCE: usize = 50;

/// One member, and what it has dealt with.
pub(super) struct Member {
    subscription: Box<dyn Subscription>,
    seen: Vec<CloudEvent>,
    first_times: HashMap<EventId, usize>,
}

impl Member {
    pub(super) async fn of(source: &dyn EventSource, group: ConsumerGroup) -> Self {
        let subscription = source.subscribe(group).await.expect("the broker is there");
        Self {
            subscription,
            seen: Vec::new(),
            first_times: HashMap::new(),
        }
    }

    /// Waits until it receives something, and does not acknowledge it.
    pub(super) async fn receive_some(&mut self) -> Vec<LoggedEvent> {
        let asked_at = Instant::now();
        loop {
            assert!(asked_at.elapsed() < PATIENCE, "nothing came");
            let received = self.subscription.receive(AT_ONCE, WAIT).await;
            match received {
                Ok(events) if !events.is_empty() => return events,
                Ok(_) => {}
                Err(error) => pause_after(&error).await,
            }
        }
    }

    /// Receives and acknowledges until it has seen all of these.
    pub(super) async fn read_until_it_has(&mut self, wanted: &[LoggedEvent]) {
        let asked_at = Instant::now();
        while let Some(missing) = wanted.iter().find(|it| !self.has(it)) {
            let seen = self.seen.len();
            assert!(
                asked_at.elapsed() < PATIENCE,
                "never came: {missing:?}; {seen} others did"
            );
            self.read().await;
        }
    }

    /// Two of one group read until they have seen all of these between them. Tells which of them has seen any.
    pub(super) async fn read_both_until_they_have(
        one: &mut Self,
        other: &mut Self,
        wanted: &[LoggedEvent],
    ) -> (bool, bool) {
        let asked_at = Instant::now();
        while !wanted.iter().all(|it| one.has(it) || other.has(it)) {
            assert!(asked_at.elapsed() < PATIENCE, "never came to either");
            tokio::join!(one.read(), other.read());
        }
        (
            wanted.iter().any(|it| one.has(it)),
            wanted.iter().any(|it| other.has(it)),
        )
    }

    async fn read(&mut self) {
        let events = match self.subscription.receive(AT_ONCE, WAIT).await {
            Ok(events) => events,
            Err(error) => return pause_after(&error).await,
        };
        assert!(events.len() <= AT_ONCE, "more than was asked for");
        match self.subscription.acknowledge().await {
            Ok(()) => self.note(events),
            Err(error) => pause_after(&error).await,
        }
    }

    fn note(&mut self, events: Vec<LoggedEvent>) {
        for LoggedEvent { event, .. } in events {
            self.first_times.entry(event.id).or_insert(self.seen.len());
            self.seen.push(event);
        }
    }

    /// Whether it has seen an event that is the same in everything.
    pub(super) fn has(&self, wanted: &LoggedEvent) -> bool {
        let at = self.first_times.get(&wanted.event.id);
        at.is_some_and(|at| self.seen[*at] == wanted.event)
    }

    /// Panics unless each aggregate's events, those left out that came a second time, came in their order.
    pub(super) fn assert_in_order(&self) {
        let mut known = HashSet::new();
        let mut last = HashMap::new();
        for event in self.seen.iter().filter(|it| known.insert(it.id)) {
            let before = last.insert(event.aggregate_id, event.sequence);
            let is_behind = before.is_none_or(|before| before < event.sequence);
            assert!(is_behind, "came behind version {before:?}: {event:?}");
        }
    }

    pub(super) async fn leave(mut self) {
        self.subscription.leave().await;
    }
}

async fn pause_after(error: &crate::ports::BrokerError) {
    tracing::debug!(%error, "a member tries again");
    tokio::time::sleep(PAUSE).await;
}
