//! Deliveries on the wire.

use app::wire;
use domain::webhooks::{AttemptOutcome, DeliveryFacts};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{answer::Answer, schemas};

/// The delivery of an event to a webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookDelivery, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24",
    "webhook_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "event_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f25",
    "event_type": "invoice.paid",
    "state": "pending",
    "attempts": 1,
    "next_attempt_at": "2026-11-20T13:02:16.123456Z",
    "last_attempt": {
        "at": "2026-11-20T13:02:11.123456Z",
        "duration_ms": 87,
        "response_status": 503,
        "error": null,
    },
    "created_at": "2026-11-20T13:02:11.123456Z",
}))]
pub(super) struct DeliveryBody {
    /// Which one.
    id: Uuid,
    /// To which webhook.
    webhook_id: Uuid,
    /// Of which event: the receiver sees it as `webhook-id`.
    event_id: Uuid,
    /// The type of the event.
    event_type: String,
    /// Where it stands.
    #[schema(value_type = schemas::DeliveryStateName)]
    state: &'static str,
    /// How often it was tried since it was begun, or begun anew.
    #[schema(minimum = 0, maximum = 10)]
    attempts: u32,
    /// When it is tried next, if it is.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    next_attempt_at: Option<Timestamp>,
    /// What came of the last attempt.
    last_attempt: Option<AttemptBody>,
    /// Since when it is there.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    created_at: Timestamp,
}

/// An attempt to deliver an event.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookAttempt)]
struct AttemptBody {
    /// When it was begun.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    at: Timestamp,
    /// How many milliseconds it took.
    duration_ms: u32,
    /// The HTTP status of the answer, if there was one.
    #[schema(minimum = 100, maximum = 999)]
    response_status: Option<u16>,
    /// Why there was no answer, if there was none.
    #[schema(value_type = Option<schemas::SendFailureName>)]
    error: Option<&'static str>,
}

impl From<&DeliveryFacts> for DeliveryBody {
    fn from(facts: &DeliveryFacts) -> Self {
        let last_attempt = facts.last_attempt.map(|attempt| {
            let (response_status, error) = match attempt.outcome {
                AttemptOutcome::Answered(status) => (Some(status), None),
                AttemptOutcome::Failed(failure) => (None, Some(failure.code())),
            };
            AttemptBody {
                at: attempt.at,
                duration_ms: attempt.took_ms,
                response_status,
                error,
            }
        });
        Self {
            id: facts.id.as_uuid(),
            webhook_id: facts.webhook_id.as_uuid(),
            event_id: facts.event_id.as_uuid(),
            event_type: facts.event_type.clone(),
            state: facts.state.code(),
            attempts: facts.attempts,
            next_attempt_at: facts.state.next_attempt_at(),
            last_attempt,
            created_at: facts.created_at,
        }
    }
}

/// A delivery that goes on in the background.
pub(super) fn under_way(facts: &DeliveryFacts) -> Answer {
    let location = format!("/api/v1/webhooks/{}/deliveries", facts.webhook_id);
    Answer::accepted(&location, &DeliveryBody::from(facts))
}
