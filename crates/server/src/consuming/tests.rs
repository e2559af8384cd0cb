use std::{
    collections::{HashSet, VecDeque},
    sync::{Mutex, MutexGuard},
};

use app::{
    events::{CloudEvent, EventPosition, LoggedEvent, SHARDS},
    ports::{
        AggregateKind, Clock, Delivered, EventSink, HeldEvent, HeldEvents, LostShard, NextAttempt,
        StorageError, Subscription, UseFor,
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
            kind: AggregateKind::Invoice.into(),
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

/// A broker that has lost all shards, and is found to have lost one at a time.
struct Forgetful {
    lost: Mutex<Vec<i16>>,
    end: CancellationToken,
}

#[async_trait]
impl EventSink for Forgetful {
    async fn deliver(&self, events: &[LoggedEvent]) -> Result<Vec<Delivered>, SinkUnavailable> {
        let lost = self.lost.lock().unwrap().pop();
        let Some(shard) = lost else {
            self.end.cancel();
            return Ok(vec![Delivered::Taken; events.len()]);
        };
        let resume_after = EventPosition::START;
        Err(SinkUnavailable::Lost(vec![LostShard {
            shard,
            resume_after,
        }]))
    }
}

/// An event that comes again and again.
struct Insistent;

#[async_trait]
impl EventSource for Insistent {
    async fn subscribe(&self, _: ConsumerGroup) -> Result<Box<dyn Subscription>, BrokerError> {
        Ok(Box::new(Self))
    }
}

#[async_trait]
impl Subscription for Insistent {
    async fn receive(&mut self, _: usize, _: Duration) -> Result<Vec<LoggedEvent>, BrokerError> {
        Ok(vec![event(1)])
    }

    async fn acknowledge(&mut self) -> Result<(), BrokerError> {
        Ok(())
    }

    async fn rewind(&mut self, _: i16, _: EventPosition) -> Result<(), BrokerError> {
        Ok(())
    }

    async fn leave(&mut self) {}
}

/// With the rests of a broker that is away it would take a minute.
#[tokio::test]
async fn a_broker_that_has_lost_everything_is_filled_again_soon() {
    let forgetful = Arc::new(Forgetful {
        lost: Mutex::new((0..SHARDS).collect()),
        end: CancellationToken::new(),
    });
    let consumer = EventConsumer {
        name: "test",
        sink: forgetful.clone(),
        held: OneAggregate::new(0),
        clock: Arc::new(Epoch),
        batch: 100,
    };
    let group = ConsumerGroup {
        name: "test",
        kinds: &AggregateKind::ALL,
        use_for: UseFor::All,
    };
    let end = forgetful.end.clone();

    let consuming = consume(Arc::new(consumer), Arc::new(Insistent), group, end);
    tokio::time::timeout(SOON, consuming).await.unwrap();

    assert_eq!(forgetful.lost.lock().unwrap().len(), 0);
}
