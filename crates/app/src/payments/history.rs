//! What happened to a payment, as it is shown.

use jiff::Timestamp;
use uuid::Uuid;

use crate::invoicing::TimelineActor;

/// Something that happened to a payment. Entries are never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentHistoryEntry {
    /// The id of the event.
    pub id: Uuid,
    /// What happened: `payment.completed`.
    pub event_type: String,
    /// Where the payment stood after it.
    pub status: String,
    /// How many attempts had been begun.
    pub attempt: i32,
    /// What the provider had said last.
    pub answer_code: Option<String>,
    /// Who caused it.
    pub actor: TimelineActor,
    /// When.
    pub occurred_at: Timestamp,
    /// The version of the payment after it.
    pub version: i64,
    /// What is different from before.
    pub changes: serde_json::Value,
}
