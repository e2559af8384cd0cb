//! What happened to an invoice, as it is shown.

use jiff::Timestamp;
use uuid::Uuid;

/// Who caused an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimelineActor {
    /// A client with an API key.
    ApiKey {
        /// Which.
        id: Uuid,
        /// What it is called.
        name: Option<String>,
    },
    /// The service itself, in this role.
    Role(String),
    /// A person at the command line.
    CommandLine,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineEntry {
    /// The id of the event.
    pub id: Uuid,
    /// What happened: `invoice.sent`.
    pub event_type: String,
    /// Who caused it.
    pub actor: TimelineActor,
    /// When.
    pub occurred_at: Timestamp,
    /// The version of the invoice after it.
    pub version: i64,
    /// What is different from before.
    pub changes: serde_json::Value,
}
