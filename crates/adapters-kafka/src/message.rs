//! Events as messages: the event in the body, its place and its trace beside it.

use app::events::{CLOUD_EVENT_MEDIA_TYPE, CloudEvent, EventPosition, LoggedEvent};
use rdkafka::{
    Message,
    message::{BorrowedMessage, Header, Headers, OwnedHeaders},
};

const CONTENT_TYPE: &str = "content-type";
const POSITION: &str = "position";
const SHARD: &str = "shard";
const TRACEPARENT: &str = "traceparent";

/// What goes along with an event.
pub(crate) fn headers(event: &LoggedEvent) -> OwnedHeaders {
    let position = event.position.as_i64().to_string();
    let shard = event.shard.to_string();
    let trace = event.event.traceparent.as_deref();
    let all = [
        (CONTENT_TYPE, Some(CLOUD_EVENT_MEDIA_TYPE)),
        (POSITION, Some(&position)),
        (SHARD, Some(&shard)),
        (TRACEPARENT, trace),
    ];
    let there = all
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)));
    there.fold(OwnedHeaders::new(), |headers, (key, value)| {
        headers.insert(Header {
            key,
            value: Some(value),
        })
    })
}

/// The event in a message; none if somebody else has written it.
pub(crate) fn event(message: &BorrowedMessage<'_>) -> Option<LoggedEvent> {
    let headers = message.headers()?;
    let number = |key| {
        let found = headers.iter().find(|it| it.key == key)?;
        std::str::from_utf8(found.value?).ok()?.parse::<i64>().ok()
    };
    Some(LoggedEvent {
        position: EventPosition::new(number(POSITION)?),
        shard: i16::try_from(number(SHARD)?).ok()?,
        event: CloudEvent::from_json(message.payload()?).ok()?,
    })
}
