//! The contract of events: AsyncAPI 3, made from the list of types and from the schemas of the API.
//!
//! There is a channel for each kind of aggregate, since the order of events holds within an aggregate; and a message for each
//! type. The form of the data is that of the API's resource, without what only the moment of reading can tell. Another channel
//! is for what webhooks alone are sent.

mod envelope;
mod schemas;

use app::{
    events::{CLOUD_EVENT_MEDIA_TYPE, EVENT_TYPES, EventType, event_type::WEBHOOK_TEST},
    ports::AggregateKind,
};
use serde_json::{Map, Value, json};

/// What Kafka calls the topic of a kind of aggregate.
fn topic(kind: AggregateKind) -> String {
    format!("tallystick.{}", kind.code())
}

/// Where the test of a webhook is sent: to nobody but its endpoint.
const WEBHOOK_ENDPOINT: &str = "webhook_endpoint";

/// A type, where it is sent, and which sequences its events can have.
struct Sent {
    event_type: &'static EventType,
    channel: &'static str,
    sequence: Value,
}

/// All that is ever sent.
fn sent() -> impl Iterator<Item = Sent> {
    let logged = EVENT_TYPES.iter().map(|it| Sent {
        event_type: it,
        channel: it.kind.code(),
        sequence: json!({"minimum": 1}),
    });
    logged.chain([Sent {
        event_type: &WEBHOOK_TEST,
        channel: WEBHOOK_ENDPOINT,
        sequence: json!({"const": 0}),
    }])
}

/// The document, made from the code alone.
pub fn asyncapi() -> Value {
    let of_kinds = AggregateKind::ALL.into_iter();
    let channels = of_kinds
        .map(|kind| (kind.code().to_owned(), channel(kind)))
        .chain([(WEBHOOK_ENDPOINT.to_owned(), webhook_endpoint())]);
    let operation = |it: Sent| (format!("send.{}", it.event_type.name), operation(&it));
    let message = |it: Sent| (it.event_type.name.to_owned(), message(&it));
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
        "channels": channels.collect::<Map<_, _>>(),
        "operations": sent().map(operation).collect::<Map<_, _>>(),
        "components": {
            "messages": sent().map(message).collect::<Map<_, _>>(),
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
    let topic = topic(kind);
    json!({
        "address": topic,
        "title": format!("Events of the kind {}", kind.code()),
        "description": "A topic of Kafka; in Redis, a stream for each of 16 shards.",
        "messages": messages_of(kind.code()),
        "bindings": {"kafka": {"topic": topic, "bindingVersion": "0.5.0"}},
    })
}

/// Its address is known to whoever has made the webhook.
fn webhook_endpoint() -> Value {
    json!({
        "address": null,
        "title": "Tests of a webhook",
        "description": "The url of a webhook, to which what it asks for of all other channels is sent as well.",
        "messages": messages_of(WEBHOOK_ENDPOINT),
    })
}

fn messages_of(channel: &str) -> Map<String, Value> {
    let of_it = sent().filter(|it| it.channel == channel);
    let references = of_it.map(|it| {
        let name = it.event_type.name;
        let message = json!({"$ref": format!("#/components/messages/{name}")});
        (name.to_owned(), message)
    });
    references.collect()
}

fn operation(sent: &Sent) -> Value {
    let (name, channel) = (sent.event_type.name, sent.channel);
    json!({
        "action": "send",
        "channel": {"$ref": format!("#/channels/{channel}")},
        "summary": sent.event_type.meaning,
        "messages": [{"$ref": format!("#/channels/{channel}/messages/{name}")}],
    })
}

fn message(sent: &Sent) -> Value {
    let EventType {
        name,
        kind,
        meaning,
    } = sent.event_type;
    let schema = format!("#/components/schemas/{}", kind.code());
    let mut message = json!({
        "name": name,
        "title": name,
        "summary": meaning,
        "contentType": CLOUD_EVENT_MEDIA_TYPE,
        "payload": {
            "allOf": [
                {"$ref": format!("#/components/schemas/{}", envelope::NAME)},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": name},
                        "dataschema": {"const": format!("/asyncapi.json{schema}")},
                        "sequence": sent.sequence,
                        "data": {"$ref": schema},
                    },
                },
            ],
        },
    });
    if sent.channel != WEBHOOK_ENDPOINT {
        message["bindings"] = json!({"kafka": {
            "key": {"type": "string", "format": "uuid", "description": "The id of the aggregate."},
            "bindingVersion": "0.5.0",
        }});
    }
    message
}

#[cfg(test)]
mod tests;
