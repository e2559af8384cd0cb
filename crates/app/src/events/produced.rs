//! Counts what is brought to a broker.

use crate::ports::AggregateKind;

/// Counts messages of a kind that a broker has taken, and the bytes of their data.
pub fn count_produced(broker: &'static str, kind: AggregateKind, messages: u64, bytes: u64) {
    metrics::counter!("messages_produced_total", "broker" => broker, "aggregate_type" => kind.code())
        .increment(messages);
    metrics::counter!("messages_produced_bytes_total", "broker" => broker, "aggregate_type" => kind.code())
        .increment(bytes);
}
