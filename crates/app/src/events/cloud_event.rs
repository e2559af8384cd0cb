//! Events as the world gets them: `CloudEvents` 1.0 in structured JSON.

use domain::ids::{EventId, OrganizationId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::event_kind::EventKind;
use crate::traces::TraceContext;

/// The media type of an event that travels alone.
pub const CLOUD_EVENT_MEDIA_TYPE: &str = "application/cloudevents+json";

/// A place in the order in which events are published: 1, 2, 3 …; 0 is before the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventPosition(i64);

impl EventPosition {
    /// Before the first event.
    pub const START: Self = Self(0);

    /// The position of this number.
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// Its number.
    pub const fn as_i64(self) -> i64 {
        self.0
    }
}

/// An event on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudEvent {
    /// Its id: a receiver that has seen it has dealt with it.
    pub id: EventId,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// What kind of aggregate it happened to.
    pub kind: EventKind,
    /// Which aggregate.
    pub aggregate_id: Uuid,
    /// The aggregate's version after it: 1, 2, 3 …
    pub sequence: i64,
    /// What happened: `invoice.sent`.
    pub event_type: String,
    /// When.
    pub occurred_at: Timestamp,
    /// The W3C trace that caused it.
    pub traceparent: Option<String>,
    /// The resource as it was afterwards: JSON, as the API answers it.
    pub data: String,
}

/// An event at its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedEvent {
    /// Its place.
    pub position: EventPosition,
    /// Which of the [`SHARDS`] its aggregate belongs to.
    pub shard: i16,
    /// What it is.
    pub event: CloudEvent,
}

/// Into how many shards aggregates are divided: the order of events holds within a shard, and each has one publisher.
pub const SHARDS: i16 = 16;

/// Why some bytes are no event of ours.
#[derive(Debug, thiserror::Error)]
pub enum NotAnEvent {
    /// They are no `CloudEvent` in JSON.
    #[error("it is no CloudEvent in JSON")]
    Json(#[from] serde_json::Error),
    /// An attribute does not have the form that this service gives it.
    #[error("its attribute {0} is not of this service's form")]
    Attribute(&'static str),
}

#[derive(Serialize)]
struct Envelope<'a> {
    specversion: &'static str,
    id: Uuid,
    source: String,
    #[serde(rename = "type")]
    event_type: &'a str,
    subject: Uuid,
    time: String,
    datacontenttype: &'static str,
    dataschema: String,
    sequence: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    traceparent: Option<&'a str>,
    data: &'a RawValue,
}

#[derive(Deserialize)]
struct Opened<'a> {
    id: Uuid,
    source: String,
    #[serde(rename = "type")]
    event_type: String,
    subject: Uuid,
    time: String,
    sequence: i64,
    dataschema: String,
    traceparent: Option<String>,
    #[serde(borrow)]
    data: &'a RawValue,
}

const SOURCE: &str = "/organizations/";
const SCHEMA: &str = "/asyncapi.json#/components/schemas/";

impl CloudEvent {
    /// Whose it is, as a path.
    pub fn source(&self) -> String {
        format!("{SOURCE}{}", self.organization_id)
    }

    /// Where the form of its data is described: by the kind of aggregate, since all events of a kind carry the same resource.
    pub fn data_schema(&self) -> String {
        format!("{SCHEMA}{}", self.kind.code())
    }

    /// The trace that caused it.
    pub fn cause(&self) -> Option<TraceContext> {
        self.traceparent.as_deref().and_then(TraceContext::parse)
    }

    /// It as structured JSON.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let data: &RawValue = serde_json::from_str(&self.data)?;
        serde_json::to_string(&Envelope {
            specversion: "1.0",
            id: self.id.as_uuid(),
            source: self.source(),
            event_type: &self.event_type,
            subject: self.aggregate_id,
            time: format!("{:.6}", self.occurred_at),
            datacontenttype: "application/json",
            dataschema: self.data_schema(),
            sequence: self.sequence,
            traceparent: self.traceparent.as_deref(),
            data,
        })
    }

    /// Reads what [`Self::to_json`] has written.
    pub fn from_json(bytes: &[u8]) -> Result<Self, NotAnEvent> {
        let opened: Opened<'_> = serde_json::from_slice(bytes)?;
        let organization = opened.source.strip_prefix(SOURCE);
        let organization = organization.and_then(|id| Uuid::try_parse(id).ok());
        let kind = opened.dataschema.strip_prefix(SCHEMA);
        Ok(Self {
            id: EventId::from_uuid(opened.id),
            organization_id: OrganizationId::from_uuid(
                organization.ok_or(NotAnEvent::Attribute("source"))?,
            ),
            kind: kind
                .map(EventKind::of)
                .ok_or(NotAnEvent::Attribute("dataschema"))?,
            aggregate_id: opened.subject,
            sequence: opened.sequence,
            event_type: opened.event_type,
            occurred_at: opened
                .time
                .parse()
                .map_err(|_| NotAnEvent::Attribute("time"))?,
            traceparent: opened.traceparent,
            data: opened.data.get().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests;
