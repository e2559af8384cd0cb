//! The Kafka adapter against a real Kafka: held to the contracts of brokers.

#![expect(clippy::unwrap_used, reason = "tests")]

mod broker;
#[path = "../support/kafka_server.rs"]
mod kafka_server;
#[path = "../support/mock_kafka.rs"]
mod mock_kafka;
