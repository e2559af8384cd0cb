//! Webhook endpoints as they are shown.

use std::collections::BTreeMap;

use domain::webhooks::{DisabledReason, WebhookFacts};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::wire;

/// An endpoint, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookView {
    /// Which one.
    pub id: Uuid,
    /// Where deliveries go.
    pub url: String,
    /// What is delivered.
    pub event_types: Vec<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it gets anything.
    pub enabled: bool,
    /// Why it gets nothing.
    pub disabled_reason: Option<String>,
    /// Since when it gets nothing.
    #[serde(with = "wire::optional_instant")]
    pub disabled_at: Option<Timestamp>,
    /// Until when the secret before the current one signs as well.
    #[serde(with = "wire::optional_instant")]
    pub former_secret_until: Option<Timestamp>,
    /// The client's notes.
    pub metadata: BTreeMap<String, String>,
    /// Since when.
    #[serde(with = "wire::instant")]
    pub created_at: Timestamp,
    /// When it last changed.
    #[serde(with = "wire::instant")]
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: i64,
}

impl From<&WebhookFacts> for WebhookView {
    fn from(facts: &WebhookFacts) -> Self {
        let profile = &facts.profile;
        let disabled = facts.state.disabled();
        let patterns = profile.event_types.patterns().iter();
        let reason = |(reason, _): (DisabledReason, _)| reason.code().to_owned();
        Self {
            id: facts.id.as_uuid(),
            url: profile.url.as_str().to_owned(),
            event_types: patterns.map(|it| it.as_str().to_owned()).collect(),
            description: profile
                .description
                .as_ref()
                .map(|text| text.as_str().to_owned()),
            enabled: facts.state.is_enabled(),
            disabled_reason: disabled.map(reason),
            disabled_at: disabled.map(|(_, since)| since),
            former_secret_until: facts.secrets.former.as_ref().map(|it| it.until),
            metadata: profile.metadata.pairs().clone(),
            created_at: facts.created_at,
            updated_at: facts.updated_at,
            version: facts.version.as_i64(),
        }
    }
}
