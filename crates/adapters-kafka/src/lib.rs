//! The broker `kafka`: a topic per kind of aggregate, and the aggregate's id as the key.

mod failure;
mod message;
mod options;
mod publisher;
mod subscription;
mod topics;
mod watch;

use std::sync::Arc;

use app::ports::{BrokerError, ConsumerGroup, EventSource, Subscription};
use async_trait::async_trait;
use rdkafka::ClientConfig;

pub use self::{
    failure::{InvalidKafkaOptions, KafkaFailure},
    options::{KafkaOptions, KafkaSasl, KafkaSecurity},
    publisher::KafkaPublisher,
};
use self::{subscription::KafkaSubscription, topics::Topics};

/// A Kafka that events go through.
#[derive(Clone)]
pub struct KafkaBroker {
    shared: Arc<Shared>,
}

struct Shared {
    config: ClientConfig,
    prefix: String,
    topics: Topics,
}

impl KafkaBroker {
    /// One that is connected to when it is first used: it need not be there yet.
    pub fn open(options: &KafkaOptions) -> Result<Self, InvalidKafkaOptions> {
        let config = options.client_config();
        Ok(Self {
            shared: Arc::new(Shared {
                topics: Topics::new(&config, options)?,
                config,
                prefix: options.prefix.clone(),
            }),
        })
    }

    /// Publishes to it.
    pub fn publisher(&self) -> KafkaPublisher {
        KafkaPublisher::new(self.shared.clone())
    }
}

#[async_trait]
impl EventSource for KafkaBroker {
    async fn subscribe(&self, group: ConsumerGroup) -> Result<Box<dyn Subscription>, BrokerError> {
        self.shared.topics.ensure().await.map_err(unavailable)?;
        let subscription = KafkaSubscription::enter(&self.shared, group).map_err(unavailable)?;
        Ok(Box::new(subscription))
    }
}

fn unavailable(failure: KafkaFailure) -> BrokerError {
    BrokerError::Unavailable(Box::new(failure))
}
