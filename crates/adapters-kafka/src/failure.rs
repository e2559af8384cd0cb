//! Why Kafka did not do what was asked.

use std::time::Duration;

use rdkafka::error::{KafkaError, RDKafkaErrorCode};

/// Kafka did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum KafkaFailure {
    /// It could not be reached, or answered that it cannot.
    #[error("Kafka failed")]
    Failed(#[from] KafkaError),
    /// A topic could not be made.
    #[error("the topic {topic} cannot be made: {code}")]
    NoTopic {
        /// Which one.
        topic: String,
        /// Why.
        code: RDKafkaErrorCode,
    },
    /// It did not answer in time.
    #[error("Kafka did not answer within {} ms", deadline.as_millis())]
    TimedOut {
        /// How long it was waited for.
        deadline: Duration,
    },
    /// The thread that talks to it ended.
    #[error("whoever talks to Kafka ended")]
    Ended,
}

/// The client refuses how it is set up.
#[derive(Debug, thiserror::Error)]
#[error("the settings of Kafka do not fit")]
pub struct InvalidKafkaOptions(#[from] KafkaError);
