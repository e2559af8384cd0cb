//! What is to be different about a webhook endpoint.

use domain::{
    values::Metadata,
    webhooks::{EventTypes, WebhookDescription, WebhookProfile, WebhookUrl},
};

/// What is to be different. `None` keeps what is there; `Some(None)` takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebhookChanges {
    /// Where deliveries go.
    pub url: Option<WebhookUrl>,
    /// What is delivered.
    pub event_types: Option<EventTypes>,
    /// What it is for.
    pub description: Option<Option<WebhookDescription>>,
    /// The client's notes, all of them.
    pub metadata: Option<Metadata>,
    /// Whether it gets anything.
    pub is_enabled: Option<bool>,
}

impl WebhookChanges {
    /// What is known of it with the changes.
    pub(super) fn apply_to(&self, profile: &WebhookProfile) -> WebhookProfile {
        let (old, new) = (profile.clone(), self.clone());
        WebhookProfile {
            url: new.url.unwrap_or(old.url),
            event_types: new.event_types.unwrap_or(old.event_types),
            description: new.description.unwrap_or(old.description),
            metadata: new.metadata.unwrap_or(old.metadata),
        }
    }
}
