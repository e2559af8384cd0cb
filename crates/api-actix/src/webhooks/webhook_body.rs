//! Webhook endpoints on the wire.

use std::collections::BTreeMap;

use app::{
    webhooks::{WebhookView, WebhookWithSecret},
    wire,
};
use domain::webhooks::WebhookFacts;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schemas;

/// A webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Webhook, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "url": "https://shop.example/hooks",
    "event_types": ["invoice.*", "user.closed"],
    "description": "Tells the shop what was paid",
    "enabled": true,
    "disabled_reason": null,
    "disabled_at": null,
    "former_secret_until": null,
    "metadata": {"team": "billing"},
    "created_at": "2026-11-20T13:02:11.123456Z",
    "updated_at": "2026-11-20T13:02:11.123456Z",
    "version": 1,
}))]
pub(super) struct WebhookBody {
    /// Which one.
    id: Uuid,
    /// Where events are sent.
    #[schema(value_type = schemas::WebhookUrlText)]
    url: String,
    /// Which events.
    #[schema(value_type = Vec<schemas::EventTypePattern>)]
    event_types: Vec<String>,
    /// What it is for.
    #[schema(value_type = Option<schemas::WebhookDescriptionText>)]
    description: Option<String>,
    /// Whether anything is sent.
    enabled: bool,
    /// Why nothing is sent: `requested` by you, `gone` after an answer of 410, `failing` after five days without success.
    #[schema(value_type = Option<schemas::DisabledReasonName>)]
    disabled_reason: Option<String>,
    /// Since when nothing is sent.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    disabled_at: Option<Timestamp>,
    /// Until when the secret before the current one signs as well.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    former_secret_until: Option<Timestamp>,
    /// Your own notes.
    #[schema(value_type = schemas::Metadata)]
    metadata: BTreeMap<String, String>,
    /// Since when it is there.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    created_at: Timestamp,
    /// When it last changed.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    updated_at: Timestamp,
    /// How often it changed.
    #[schema(value_type = schemas::VersionNumber)]
    version: i64,
}

impl From<&WebhookFacts> for WebhookBody {
    fn from(facts: &WebhookFacts) -> Self {
        let view = WebhookView::from(facts);
        Self {
            id: view.id,
            url: view.url,
            event_types: view.event_types,
            description: view.description,
            enabled: view.enabled,
            disabled_reason: view.disabled_reason,
            disabled_at: view.disabled_at,
            former_secret_until: view.former_secret_until,
            metadata: view.metadata,
            created_at: view.created_at,
            updated_at: view.updated_at,
            version: view.version,
        }
    }
}

/// A webhook with a secret that is shown this once.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookWithSecret, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "url": "https://shop.example/hooks",
    "event_types": ["invoice.*"],
    "description": null,
    "enabled": true,
    "disabled_reason": null,
    "disabled_at": null,
    "former_secret_until": null,
    "metadata": {},
    "created_at": "2026-11-20T13:02:11.123456Z",
    "updated_at": "2026-11-20T13:02:11.123456Z",
    "version": 1,
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=",
}))]
pub(super) struct WebhookWithSecretBody {
    /// The webhook.
    #[serde(flatten)]
    webhook: WebhookBody,
    /// What its deliveries are signed with. It is shown this once.
    #[schema(pattern = "^whsec_[0-9A-Za-z+/]{43}=$")]
    secret: String,
}

impl From<&WebhookWithSecret> for WebhookWithSecretBody {
    fn from(made: &WebhookWithSecret) -> Self {
        Self {
            webhook: WebhookBody::from(&made.facts),
            secret: made.secret.expose(),
        }
    }
}
