//! The contract of events: AsyncAPI 3, made from the list of types and from the schemas of the API.
//!
//! There is a channel for each kind of aggregate, since the order of events holds within an aggregate; and a message for each
//! type. The form of the data is that of the API's resource, without what only the moment of reading can tell.

mod envelope;
mod schemas;

use app::{
    events::{CLOUD_EVENT_MEDIA_TYPE, EVENT_TYPES, EventType},
    ports::AggregateKind,
};
use serde_json::{Map, Value, json};

/// What Kafka calls the topic of a kind of aggregate.
fn topic(kind: AggregateKind) -> String {
    format!("tallystick.{}", kind.code())
}

/// The document, made from the code alone.
pub fn asyncapi() -> Value {
    let kinds = || AggregateKind::ALL.into_iter();
    let types = || EVENT_TYPES.iter().copied();
    let operation = |it: &'static EventType| (format!("send.{}", it.name), operation(it));
    let message = |it: &'static EventType| (it.name.to_owned(), message(it));
    let channel = |kind: AggregateKind| (kind.code().to_owned(), channel(kind));
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Tallystick events",
            "version": env!("CARGO_PKG_VERSION"),
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
            "tags": [{"name": "events", "description": "What has happened"}],
        },
        "defaultContentType": CLOUD_EVENT_MEDIA_TYPE,
        "channels": kinds().map(channel).collect::<Map<_, _>>(),
        "operations": types().map(operation).collect::<Map<_, _>>(),
        "components": {
            "messages": types().map(message).collect::<Map<_, _>>(),
            "schemas": schemas::all(),
        },
    })
}

const DESCRIPTION: &str = "\
What has happened in Tallystick, as CloudEvents 1.0 in structured JSON.

**Delivery** is at least once: a receiver that has seen an `id` has dealt with it. Events of one aggregate come in their \
order; `sequence` is the aggregate's version after the event, 1, 2, 3 and so on, so a gap or a repeat is seen. Between \
aggregates there is no order.

**Brokers**: the same events are in the feed (`GET /api/v1/events`), on webhooks, in Redis Streams (a stream for each kind \
of aggregate and each of 16 shards, `<namespace>:events:{<shard>}:<kind>`), and on Kafka (a topic for each kind, keyed by \
the id of the aggregate).

**Data** is the resource as it was after the event, in the form of the API. Fields and types of events are added over time; \
ignore what you do not know.";

/// Where the events of a kind are found, in the order in which they happened to each aggregate.
fn channel(kind: AggregateKind) -> Value {
    let of_kind = EVENT_TYPES.iter().filter(|it| it.kind == kind);
    let messages = of_kind.map(|it| {
        let message = json!({"$ref": format!("#/components/messages/{}", it.name)});
        (it.name.to_owned(), message)
    });
    let topic = topic(kind);
    json!({
        "address": topic,
        "title": format!("Events of the kind {}", kind.code()),
        "description": "A topic of Kafka; in Redis, a stream for each of 16 shards.",
        "messages": messages.collect::<Map<_, _>>(),
        "bindings": {"kafka": {"topic": topic, "bindingVersion": "0.5.0"}},
    })
}

fn operation(event_type: &EventType) -> Value {
    let (name, kind) = (event_type.name, event_type.kind.code());
    json!({
        "action": "send",
        "channel": {"$ref": format!("#/channels/{kind}")},
        "summary": event_type.meaning,
        "messages": [{"$ref": format!("#/channels/{kind}/messages/{name}")}],
    })
}

fn message(event_type: &EventType) -> Value {
    let (name, kind) = (event_type.name, event_type.kind);
    let schema = format!("#/components/schemas/{}", kind.code());
    json!({
        "name": name,
        "title": name,
        "summary": event_type.meaning,
        "contentType": CLOUD_EVENT_MEDIA_TYPE,
        "payload": {
            "allOf": [
                {"$ref": format!("#/components/schemas/{}", envelope::NAME)},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": name},
                        "dataschema": {"const": format!("/asyncapi.json{schema}")},
                        "data": {"$ref": schema},
                    },
                },
            ],
        },
        "bindings": {"kafka": {
            "key": {"type": "string", "format": "uuid", "description": "The id of the aggregate."},
            "bindingVersion": "0.5.0",
        }},
    })
}

#[cfg(test)]
mod tests;
