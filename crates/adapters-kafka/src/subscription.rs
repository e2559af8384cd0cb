//! One member's reading.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use app::{
    events::LoggedEvent,
    ports::{BrokerError, ConsumerGroup, Subscription},
};
use async_trait::async_trait;
use rdkafka::{
    Message, Offset, TopicPartitionList,
    consumer::{CommitMode, Consumer, StreamConsumer},
    error::{KafkaError, RDKafkaErrorCode},
    message::BorrowedMessage,
};
use tokio::time::{Instant, timeout_at};

use crate::{KafkaFailure, Shared, message, unavailable};

/// How long to look for more once there is something.
const MORE: Duration = Duration::from_millis(1);

/// A topic and the number of a partition.
type Partition = (String, i32);

/// A message that was read. Also one that is no event takes its place, so that it is passed with the others.
struct Read {
    partition: Partition,
    offset: i64,
    event: Option<LoggedEvent>,
}

/// A member of a group of consumers.
pub(crate) struct KafkaSubscription {
    consumer: Arc<StreamConsumer>,
    group: &'static str,
    at_hand: VecDeque<Read>,
    /// What was received last, until it is acknowledged.
    received: Vec<Read>,
}

impl KafkaSubscription {
    pub(crate) fn enter(shared: &Shared, group: ConsumerGroup) -> Result<Self, KafkaFailure> {
        let mut config = shared.config.clone();
        config
            .set("group.id", format!("{}.{}", shared.prefix, group.name))
            .set("enable.auto.commit", "false")
            .set("auto.offset.reset", "earliest")
            .set("partition.assignment.strategy", "cooperative-sticky")
            // Others have a dead member's partitions within ten seconds; and those of one that does nothing, in a minute.
            .set("session.timeout.ms", "6000")
            .set("heartbeat.interval.ms", "1000")
            .set("max.poll.interval.ms", "60000");
        let consumer: StreamConsumer = config.create()?;
        let topics: Vec<_> = group
            .kinds
            .iter()
            .map(|kind| shared.topics.name(*kind))
            .collect();
        let topics: Vec<_> = topics.iter().map(String::as_str).collect();
        consumer.subscribe(&topics)?;
        Ok(Self {
            consumer: Arc::new(consumer),
            group: group.name,
            at_hand: VecDeque::new(),
            received: Vec::new(),
        })
    }

    /// Reads until there are so many, or no more for a moment. What others have been given meanwhile is let go: also when
    /// there is enough at hand it has to be looked, for Kafka shares out partitions only then.
    ///
    /// The client library looks after its connections itself, and each attempt that failed stands between the events: after an
    /// hour without Kafka there are hundreds before the first one. So they are passed over, and count only where nothing comes.
    async fn fill(&mut self, max: usize, wait: Duration) -> Result<(), KafkaError> {
        let until = Instant::now() + wait;
        let mut trouble = None;
        loop {
            let patience = if self.at_hand.is_empty() {
                until
            } else {
                Instant::now() + MORE
            };
            let Ok(read) = timeout_at(patience, self.consumer.recv()).await else {
                break;
            };
            match read {
                Ok(message) => {
                    let read = self.read(&message);
                    self.at_hand.push_back(read);
                }
                Err(error @ KafkaError::MessageConsumption(_)) => trouble = Some(error),
                Err(error) => return Err(error),
            }
            if self.at_hand.len() >= max {
                break;
            }
        }
        let mine = self.partitions()?;
        self.at_hand.retain(|it| mine.contains(&it.partition));
        match trouble {
            Some(error) if self.at_hand.is_empty() => Err(error),
            _ => Ok(()),
        }
    }

    fn read(&self, message: &BorrowedMessage<'_>) -> Read {
        let event = message::event(message);
        if event.is_none() {
            let (topic, offset) = (message.topic(), message.offset());
            tracing::error!(group = self.group, topic, offset, "a message is no event");
        }
        Read {
            partition: (message.topic().to_owned(), message.partition()),
            offset: message.offset(),
            event,
        }
    }

    fn partitions(&self) -> Result<BTreeSet<Partition>, KafkaError> {
        let assigned = self.consumer.assignment()?;
        let partitions = assigned
            .elements()
            .into_iter()
            .map(|it| (it.topic().to_owned(), it.partition()));
        Ok(partitions.collect())
    }

    async fn commit(&self) -> Result<(), KafkaFailure> {
        let mut passed = BTreeMap::new();
        for read in &self.received {
            passed.insert(&read.partition, read.offset + 1);
        }
        let mut list = TopicPartitionList::new();
        for ((topic, partition), next) in passed {
            list.add_partition_offset(topic, *partition, Offset::Offset(next))?;
        }
        let consumer = self.consumer.clone();
        let committing =
            tokio::task::spawn_blocking(move || consumer.commit(&list, CommitMode::Sync));
        let committed = committing.await.map_err(|_ended| KafkaFailure::Ended)?;
        Ok(committed?)
    }
}

#[async_trait]
impl Subscription for KafkaSubscription {
    async fn receive(
        &mut self,
        max: usize,
        wait: Duration,
    ) -> Result<Vec<LoggedEvent>, BrokerError> {
        for read in std::mem::take(&mut self.received).into_iter().rev() {
            self.at_hand.push_front(read);
        }
        let filled = self.fill(max, wait).await;
        filled.map_err(|error| unavailable(error.into()))?;
        let count = max.min(self.at_hand.len());
        self.received = self.at_hand.drain(..count).collect();
        let events = self.received.iter().filter_map(|it| it.event.clone());
        let events: Vec<_> = events.collect();
        if events.is_empty() {
            // What is no event stands in nobody's way.
            self.acknowledge().await?;
        }
        Ok(events)
    }

    async fn acknowledge(&mut self) -> Result<(), BrokerError> {
        if self.received.is_empty() {
            return Ok(());
        }
        match self.commit().await {
            Ok(()) => {
                self.received.clear();
                Ok(())
            }
            Err(failure) if is_about_the_group(&failure) => Err(BrokerError::TakenOver),
            Err(failure) => Err(unavailable(failure)),
        }
    }

    async fn leave(&mut self) {
        self.at_hand.clear();
        self.received.clear();
        let consumer = self.consumer.clone();
        let leaving = tokio::task::spawn_blocking(move || consumer.unsubscribe());
        // It cannot fail, and nobody waits for more than its end.
        let _ended = leaving.await;
    }
}

/// Whether others have been given partitions, or are being.
fn is_about_the_group(failure: &KafkaFailure) -> bool {
    let KafkaFailure::Failed(error) = failure else {
        return false;
    };
    matches!(
        error.rdkafka_error_code(),
        Some(
            RDKafkaErrorCode::IllegalGeneration
                | RDKafkaErrorCode::UnknownMemberId
                | RDKafkaErrorCode::RebalanceInProgress
                | RDKafkaErrorCode::FencedInstanceId
        )
    )
}
