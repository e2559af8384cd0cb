//! API keys on the wire.

use domain::platform::ApiKeyFacts;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schemas;

/// An API key. Its secret is shown once, when it is made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "name": "shop back end",
    "scopes": ["customers:read", "invoices:write"],
    "secret_prefix": "tsk_4f9aQ2",
    "created_at": "2026-11-20T13:02:11.123456Z",
    "expires_at": null,
    "version": 1,
}))]
pub(super) struct ApiKeyBody {
    /// Which one.
    id: Uuid,
    /// What a person calls it.
    #[schema(value_type = schemas::ApiKeyName)]
    name: String,
    /// What it may do.
    #[schema(value_type = Vec<schemas::ScopeName>, min_items = 1)]
    scopes: Vec<String>,
    /// The first characters of its secret, by which a person recognises it.
    secret_prefix: String,
    /// Since when.
    #[schema(value_type = schemas::Instant)]
    #[serde(with = "app::wire::instant")]
    created_at: Timestamp,
    /// From when on it opens nothing.
    #[schema(value_type = Option<schemas::Instant>)]
    #[serde(with = "app::wire::optional_instant")]
    expires_at: Option<Timestamp>,
    /// How often it changed.
    #[schema(value_type = schemas::VersionNumber)]
    version: i64,
}

impl From<&ApiKeyFacts> for ApiKeyBody {
    fn from(facts: &ApiKeyFacts) -> Self {
        Self {
            id: facts.id.as_uuid(),
            name: facts.name.as_str().to_owned(),
            scopes: facts.scopes.iter().map(|scope| scope.to_string()).collect(),
            secret_prefix: facts.shown_prefix.clone(),
            created_at: facts.created_at,
            expires_at: facts.expires_at,
            version: facts.version.as_i64(),
        }
    }
}
