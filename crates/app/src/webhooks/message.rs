//! Events as they are sent.

use domain::{ids::EventId, webhooks::WebhookFacts};
use jiff::Timestamp;
use serde_json::json;

use super::WebhookView;
use crate::{
    events::{CloudEvent, event_type::WEBHOOK_TEST},
    ports::{NewDelivery, WebhookMessage},
};

/// An event, and whom it is sent to.
pub(super) fn message_of(
    event: &CloudEvent,
    deliveries: Vec<NewDelivery>,
) -> Result<WebhookMessage, serde_json::Error> {
    Ok(WebhookMessage {
        event_id: event.id,
        organization_id: event.organization_id,
        event_type: event.event_type.clone(),
        body: event.to_json()?,
        deliveries,
    })
}

/// An event that is sent to see whether it arrives. It has happened to nothing, so it has no place among the versions of the
/// endpoint, and is in no log.
pub(super) fn test_event(id: EventId, webhook: &WebhookFacts, now: Timestamp) -> CloudEvent {
    CloudEvent {
        id,
        organization_id: webhook.organization_id,
        kind: WEBHOOK_TEST.kind.into(),
        aggregate_id: webhook.id.as_uuid(),
        sequence: 0,
        event_type: WEBHOOK_TEST.name.to_owned(),
        occurred_at: now,
        traceparent: None,
        data: json!(WebhookView::from(webhook)).to_string(),
    }
}
