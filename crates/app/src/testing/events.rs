//! Events.

use domain::ids::EventId;
use uuid::Uuid;

use super::{NOW, ORGANIZATION};
use crate::{
    events::{CloudEvent, EventPosition, LoggedEvent, SHARDS},
    ports::AggregateKind,
};

/// The event at a position of the log: the change that took an invoice, named by a number, to a version.
///
/// # Panics
/// When the position is negative.
pub fn logged_event(position: i64, invoice: u8, sequence: i64) -> LoggedEvent {
    let id = u128::try_from(position).expect("a position");
    LoggedEvent {
        position: EventPosition::new(position),
        shard: i16::from(invoice) % SHARDS,
        event: CloudEvent {
            id: EventId::from_uuid(Uuid::from_u128(id)),
            organization_id: ORGANIZATION,
            kind: AggregateKind::Invoice.into(),
            aggregate_id: Uuid::from_u128(invoice.into()),
            sequence,
            event_type: "invoice.updated".to_owned(),
            occurred_at: NOW.parse().expect("an instant"),
            traceparent: None,
            data: format!(r#"{{"version":{sequence}}}"#),
        },
    }
}
