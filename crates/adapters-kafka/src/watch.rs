//! Whether Kafka is there.

use std::time::{Duration, Instant};

use app::ports::{BrokerCondition, BrokerWatch};
use async_trait::async_trait;

use crate::KafkaBroker;

const PATIENCE: Duration = Duration::from_secs(2);

#[async_trait]
impl BrokerWatch for KafkaBroker {
    async fn look(&self) -> BrokerCondition {
        let asked_at = Instant::now();
        match self.shared.topics.list(PATIENCE).await {
            Ok(_) => BrokerCondition::Well(asked_at.elapsed()),
            Err(_away) => BrokerCondition::Away,
        }
    }
}
