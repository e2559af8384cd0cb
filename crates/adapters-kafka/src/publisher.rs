//! Publishes events to topics.

use std::sync::{Arc, Mutex, PoisonError};

use app::{
    events::{LoggedEvent, count_produced},
    ports::{Delivered, EventSink, SinkUnavailable},
};
use async_trait::async_trait;
use futures_util::future::join_all;
use rdkafka::{
    error::{KafkaError, RDKafkaErrorCode},
    producer::{DeliveryFuture, FutureProducer, FutureRecord, Producer, PurgeConfig},
};
use tokio::time::timeout;

use crate::{KafkaFailure, Shared, message};

const BROKER: &str = "kafka";

/// The relay's way to the topics.
///
/// A producer with a sequence of its own, so that Kafka itself refuses what a retry would write twice, and takes nothing out
/// of turn. After a failure nothing is left of it, and the next one begins with what was not confirmed: else an event could
/// overtake one of its aggregate that is still waiting.
pub struct KafkaPublisher {
    shared: Arc<Shared>,
    producer: Mutex<Option<FutureProducer>>,
}

impl KafkaPublisher {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            producer: Mutex::new(None),
        }
    }

    fn producer(&self) -> Result<FutureProducer, KafkaFailure> {
        let mut known = self.producer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(producer) = known.as_ref() {
            return Ok(producer.clone());
        }
        let mut config = self.shared.config.clone();
        config
            .set("acks", "all")
            .set("enable.idempotence", "true")
            .set("partitioner", "murmur2_random")
            .set("linger.ms", "2")
            // Nothing may be given up for itself while what comes behind it goes on: whoever waits gives up everything.
            .set("message.timeout.ms", "0");
        Ok(known.insert(config.create()?).clone())
    }

    /// Gives up everything that is under way.
    async fn give_up(&self) {
        let producer = self
            .producer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        self.shared.topics.doubt();
        if let Some(producer) = producer {
            let purging = tokio::task::spawn_blocking(move || {
                producer.purge(PurgeConfig::default().queue().inflight());
            });
            // It cannot fail, and nobody waits for more than its end.
            let _ended = purging.await;
        }
    }

    /// Gives all to the producer, in their order, and waits until Kafka has confirmed them.
    async fn publish(&self, events: &[LoggedEvent]) -> Result<Vec<Delivered>, KafkaFailure> {
        self.shared.topics.ensure().await?;
        let producer = self.producer()?;
        let mut sent = Vec::with_capacity(events.len());
        for event in events {
            sent.push(self.send(&producer, event)?);
        }
        let deadline = self.shared.topics.deadline();
        let confirming = join_all(sent.into_iter().map(confirmed));
        let confirmed = timeout(deadline, confirming).await;
        let confirmed = confirmed.map_err(|_elapsed| KafkaFailure::TimedOut { deadline })?;
        confirmed.into_iter().collect()
    }

    fn send(&self, producer: &FutureProducer, event: &LoggedEvent) -> Result<Sent, KafkaFailure> {
        let body = match event.event.to_json() {
            Ok(body) => body,
            Err(error) => return Ok(Sent::Refused(error.to_string())),
        };
        let Some(kind) = event.event.kind.known() else {
            let reason = "it is of a kind that only a later release knows";
            return Ok(Sent::Refused(reason.to_owned()));
        };
        let topic = self.shared.topics.name(kind);
        let key = event.event.aggregate_id.to_string();
        let record = FutureRecord::to(&topic)
            .key(&key)
            .payload(&body)
            .headers(message::headers(event));
        match producer.send_result(record) {
            Ok(under_way) => Ok(Sent::UnderWay(under_way)),
            Err((error, _)) if is_of_the_event(&error) => Ok(Sent::Refused(error.to_string())),
            Err((error, _)) => Err(error.into()),
        }
    }
}

/// What became of an event so far.
enum Sent {
    UnderWay(DeliveryFuture),
    Refused(String),
}

async fn confirmed(sent: Sent) -> Result<Delivered, KafkaFailure> {
    match sent {
        Sent::Refused(reason) => Ok(Delivered::Refused(reason)),
        Sent::UnderWay(under_way) => match under_way.await {
            Ok(Ok(_)) => Ok(Delivered::Taken),
            Ok(Err((error, _))) if is_of_the_event(&error) => {
                Ok(Delivered::Refused(error.to_string()))
            }
            Ok(Err((error, _))) => Err(error.into()),
            Err(_gone) => Err(KafkaFailure::Ended),
        },
    }
}

/// Whether nothing but the event itself is in the way.
fn is_of_the_event(error: &KafkaError) -> bool {
    let code = error.rdkafka_error_code();
    code.is_some_and(|code| {
        matches!(
            code,
            RDKafkaErrorCode::MessageSizeTooLarge
                | RDKafkaErrorCode::InvalidMessageSize
                | RDKafkaErrorCode::InvalidRecord
        )
    })
}

#[async_trait]
impl EventSink for KafkaPublisher {
    async fn deliver(&self, events: &[LoggedEvent]) -> Result<Vec<Delivered>, SinkUnavailable> {
        let delivered = match self.publish(events).await {
            Ok(delivered) => delivered,
            Err(failure) => {
                self.give_up().await;
                return Err(SinkUnavailable::Away(Box::new(failure)));
            }
        };
        for (event, outcome) in events.iter().zip(&delivered) {
            let taken = (*outcome == Delivered::Taken).then_some(&event.event);
            if let Some((event, kind)) = taken.and_then(|it| Some((it, it.kind.known()?))) {
                let bytes = u64::try_from(event.data.len()).unwrap_or_default();
                count_produced(BROKER, kind, 1, bytes);
            }
        }
        Ok(delivered)
    }

    fn hands_on(&self) -> bool {
        true
    }
}
