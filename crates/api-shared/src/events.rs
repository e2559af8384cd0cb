//! Events: the feed and the streams.

use std::sync::Arc;

use app::{
    events::{EventBell, EventPosition, TypePattern},
    paging::{Position, Window},
    ports::{AggregateKind, EventFilter, EventLog},
};
use domain::values::InvalidValue;
use jiff::Timestamp;
use uuid::Uuid;

use crate::input::{Query, parse_id, readers::parse_instant};

/// The path of the feed. Cursors of the feed and places in a stream are good for each other.
pub const FEED: &str = "/api/v1/events";

/// What can be done with events.
#[derive(Clone)]
pub struct EventUseCases {
    /// Reads the log.
    pub log: Arc<dyn EventLog>,
    /// Rings when the log has grown in this process.
    pub bell: EventBell,
}

/// Reads which events.
pub fn event_filter(query: &mut Query<'_>) -> Option<EventFilter> {
    let types = query.parameters("type", parse_type);
    let kind = query.parameter("aggregate_type", parse_kind);
    let aggregate_id = query.parameter("aggregate_id", parse_id(|id: Uuid| id));
    let from = query.parameter("from", parse_instant);
    let to = query.parameter("to", parse_instant);
    Some(EventFilter {
        types: types?,
        kind: kind?,
        aggregate_id: aggregate_id?,
        from: from?,
        to: to?,
    })
}

fn parse_type(raw: &str) -> Result<TypePattern, InvalidValue> {
    TypePattern::parse(raw).map_err(|_| InvalidValue::Malformed {
        expected: "a type of event such as invoice.sent, all of a resource such as invoice.*, or *",
    })
}

fn parse_kind(raw: &str) -> Result<AggregateKind, InvalidValue> {
    AggregateKind::parse(raw).ok_or(InvalidValue::Malformed {
        expected: "a kind of resource such as invoice or transfer",
    })
}

/// Reads which piece of the feed. It has no pages: they would shift while it grows.
pub fn feed_window(query: &mut Query<'_>) -> Option<(EventPosition, app::paging::Limit)> {
    match query.window()? {
        Window::After { position, limit } => Some((place_of(position), limit)),
        Window::Page { .. } => {
            query.refuse(
                "page",
                "unknown_parameter",
                "the feed has no pages: use cursor and limit",
            );
            None
        }
    }
}

/// A place in the log as a position of a list, for cursors: they hold an instant and an id, and a place is a number.
pub fn position_of(place: EventPosition) -> Position {
    Position {
        created_at: Timestamp::from_microsecond(place.as_i64()).unwrap_or(Timestamp::UNIX_EPOCH),
        id: Uuid::nil(),
    }
}

/// The place that a cursor holds; the beginning without one.
pub fn place_of(position: Option<Position>) -> EventPosition {
    position.map_or(EventPosition::START, |it| {
        EventPosition::new(it.created_at.as_microsecond())
    })
}
