//! An event in an answer.

use app::{events::LoggedEvent, wire};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schemas;

/// Something that has happened: a `CloudEvent` (1.0).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Event, example = json!({
    "specversion": "1.0",
    "id": "01936f8a-9c1e-7c3d-9a4f-2b6c8d0e1f23",
    "source": "/organizations/01936f8a-9c1e-7c3d-9a4f-2b6c8d0e1f20",
    "type": "invoice.sent",
    "subject": "01936f8a-9c1e-7c3d-9a4f-2b6c8d0e1f21",
    "time": "2026-11-20T13:02:11.123456Z",
    "datacontenttype": "application/json",
    "dataschema": "/asyncapi.json#/components/schemas/invoice",
    "sequence": 2,
    "data": {"id": "01936f8a-9c1e-7c3d-9a4f-2b6c8d0e1f21", "status": "sent"},
}))]
pub(super) struct EventBody {
    /// The version of `CloudEvents`: `1.0`.
    specversion: &'static str,
    /// Its id: whoever has seen it has seen the event.
    id: Uuid,
    /// Whose it is: `/organizations/{id}`.
    source: String,
    /// What happened: `invoice.sent`.
    #[serde(rename = "type")]
    event_type: String,
    /// What it happened to.
    subject: Uuid,
    /// When it happened.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    time: Timestamp,
    /// The media type of `data`: `application/json`.
    datacontenttype: &'static str,
    /// Where the form of `data` is described.
    dataschema: String,
    /// The version of the subject after it: 1, 2, 3 … without a gap.
    #[schema(minimum = 1)]
    sequence: i64,
    /// The W3C trace that caused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    traceparent: Option<String>,
    /// The subject as it was afterwards, as the API answers it.
    #[schema(value_type = serde_json::Map<String, serde_json::Value>)]
    data: Box<RawValue>,
}

impl TryFrom<LoggedEvent> for EventBody {
    type Error = serde_json::Error;

    fn try_from(logged: LoggedEvent) -> Result<Self, Self::Error> {
        let event = logged.event;
        Ok(Self {
            specversion: "1.0",
            id: event.id.as_uuid(),
            source: event.source(),
            dataschema: event.data_schema(),
            event_type: event.event_type,
            subject: event.aggregate_id,
            time: event.occurred_at,
            datacontenttype: "application/json",
            sequence: event.sequence,
            traceparent: event.traceparent,
            data: RawValue::from_string(event.data)?,
        })
    }
}
