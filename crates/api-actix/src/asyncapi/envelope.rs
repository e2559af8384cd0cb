//! The envelope of events: `CloudEvents` 1.0.

use serde_json::{Value, json};

/// What its schema is called.
pub(super) const NAME: &str = "CloudEvent";

/// What every event has, whatever has happened.
pub(super) fn schema() -> Value {
    json!({
        "type": "object",
        "description": "An event: CloudEvents 1.0 in structured JSON.",
        "required": [
            "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "sequence", "data",
        ],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {
                "type": "string", "format": "uuid",
                "description": "The event itself. Whoever has seen it has dealt with it.",
            },
            "source": {
                "type": "string", "format": "uri-reference", "pattern": "^/organizations/[0-9a-f-]{36}$",
                "description": "Whose it is.",
            },
            "type": {"type": "string", "description": "What has happened.", "pattern": "^[a-z_]+\\.[a-z_]+$"},
            "subject": {
                "type": "string", "format": "uuid",
                "description": "The aggregate to which it has happened.",
            },
            "time": {"type": "string", "format": "date-time", "description": "When."},
            "datacontenttype": {"const": "application/json"},
            "dataschema": {
                "type": "string", "format": "uri-reference",
                "description": "The schema of the data, in this document.",
            },
            "sequence": {
                "type": "integer", "minimum": 0,
                "description": "The version of the aggregate after the event: 1, 2, 3 and so on without a gap; 0 if nothing \
                    has happened to it, as in a test.",
            },
            "traceparent": {
                "type": "string", "pattern": "^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$",
                "description": "The trace of what caused it (W3C Trace Context).",
            },
            "data": {"type": "object", "description": "The resource as it was afterwards."},
        },
    })
}
