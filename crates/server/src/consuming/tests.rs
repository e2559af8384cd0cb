use std::{
    collections::{HashSet, VecDeque},
    sync::{Mutex, MutexGuard},
};

use app::{
    events::{CloudEvent, EventPosition, LoggedEvent},
    ports::{
        AggregateKind, Clock, Delivered, EventSink, HeldEvent, HeldEvents, NextAttempt,
        SinkUnavailable, StorageError,
    },
};
use async_trait::async_trait;
use domain::ids::{EventId, OrganizationId};
use jiff::Timestamp;
use uuid::Uuid;

use super::*;

const WAITING: i64 = 50;
/// A small part of what it takes to try one event a second.
const SOON: Duration = Duration::from_secs(15);

/// The events of one aggregate, of which the first one is due.
struct OneAggregate {
    held: Mutex<VecDeque<LoggedEvent>>,
    failures: Mutex<u32>,
    end: CancellationToken,
}

impl OneAggregate {
    fn new(failures: u32) -> Arc<Self> {
        Arc::new(Self {
            held: Mutex::new((1..=WAITING).map(event).collect()),
            failures: Mutex::new(failures),
            end: CancellationToken::new(),
        })
    }

    fn held(&self) -> MutexGuard<'_, VecDeque<LoggedEvent>> {
        self.held.lock().unwrap()
    }
}

fn event(sequence: i64) -> LoggedEvent {
    LoggedEvent {
        position: EventPosition::new(sequence),
        shard: 0,
        event: CloudEvent {
            id: EventId::from_uuid(Uuid::from_u128(sequence.unsigned_abs().into())),
            organization_id: OrganizationId::from_uuid(Uuid::nil()),
            kind: AggregateKind::Invoice,
            aggregate_id: Uuid::nil(),
            sequence,
            event_type: "invoice.updated".to_owned(),
            occurred_at: Timestamp::UNIX_EPOCH,
            traceparent: None,
            data: "{}".to_owned(),
        },
    }
}

#[async_trait]
impl HeldEvents for OneAggregate {
    async fn find_held(&self, _: &str, _: &[Uuid]) -> Result<HashSet<Uuid>, StorageError> {
        Ok(HashSet::new())
    }

    async fn hold(
        &self,
        _: &str,
        _: &[(LoggedEvent, Option<String>)],
        _: Timestamp,
    ) -> Result<(), StorageError> {
        Ok(())
    }

    async fn claim_due(
        &self,
        _: &str,
        _: Timestamp,
        _: Timestamp,
    ) -> Result<Vec<HeldEvent>, StorageError> {
        let first = self.held().front().cloned();
        if first.is_none() {
            self.end.cancel();
        }
        let due = first.map(|event| HeldEvent { event, attempts: 1 });
        Ok(due.into_iter().collect())
    }

    async fn release(&self, _: &str, event_id: EventId) -> Result<(), StorageError> {
        let gone = self.held().pop_front();
        assert_eq!(gone.map(|it| it.event.id), Some(event_id));
        Ok(())
    }

    async fn note_failure(
        &self,
        _: &str,
        _: EventId,
        _: &str,
        _: NextAttempt,
    ) -> Result<(), StorageError> {
        Ok(())
    }
}

#[async_trait]
impl EventSink for OneAggregate {
    async fn deliver(&self, events: &[LoggedEvent]) -> Result<Vec<Delivered>, SinkUnavailable> {
        let mut failures = self.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            let why = StorageError::Contended { attempts: 1 };
            return Err(SinkUnavailable::Away(Box::new(why)));
        }
        Ok(vec![Delivered::Taken; events.len()])
    }
}

struct Epoch;

impl Clock for Epoch {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

/// Tries again until nothing waits.
async fn drain(aggregate: &Arc<OneAggregate>) {
    let consumer = EventConsumer {
        name: "test",
        sink: aggregate.clone(),
        held: aggregate.clone(),
        clock: Arc::new(Epoch),
        batch: 100,
    };
    let draining = retry(Arc::new(consumer), aggregate.end.clone());
    tokio::time::timeout(SOON, draining).await.unwrap();
}

#[tokio::test]
async fn what_waited_behind_a_refused_event_follows_it_at_once() {
    let aggregate = OneAggregate::new(0);

    drain(&aggregate).await;

    assert_eq!(aggregate.held().len(), 0);
}

#[tokio::test]
async fn a_failure_ends_a_turn_and_not_the_work() {
    let aggregate = OneAggregate::new(1);

    drain(&aggregate).await;

    assert_eq!(aggregate.held().len(), 0);
    assert_eq!(*aggregate.failures.lock().unwrap(), 0);
}
