//! The fields of a webhook in a request.

use app::webhooks::WebhookChanges;
use domain::{
    event::TypePattern,
    values::InvalidValue,
    webhooks::{EventTypes, Reach, WebhookDescription, WebhookProfile, WebhookUrl},
};
use utoipa::ToSchema;

use crate::{
    input::{
        Fields, Json, Value,
        readers::{metadata, text},
    },
    schemas,
};

/// A webhook to be made.
#[derive(ToSchema)]
#[schema(example = json!({"url": "https://shop.example/hooks", "event_types": ["invoice.*"]}))]
#[expect(
    dead_code,
    reason = "the schema of the body, which `new_webhook` reads"
)]
pub(super) struct NewWebhook {
    /// Where events are to be sent.
    url: schemas::WebhookUrlText,
    /// Which events.
    #[schema(min_items = 1, max_items = 50)]
    event_types: Vec<schemas::EventTypePattern>,
    /// What it is for.
    description: Option<schemas::WebhookDescriptionText>,
    /// Whether anything is sent from the start; `true` when left out.
    enabled: Option<bool>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
}

/// What is to be different. A field that is left out stays as it is; `null` takes it away.
#[derive(ToSchema)]
#[schema(as = WebhookChanges, example = json!({"event_types": ["*"], "enabled": true}))]
#[expect(
    dead_code,
    reason = "the schema of the body, which `webhook_changes` reads"
)]
pub(super) struct ChangedWebhook {
    /// Where events are to be sent.
    #[schema(required = false)]
    url: schemas::WebhookUrlText,
    /// Which events.
    #[schema(required = false, min_items = 1, max_items = 50)]
    event_types: Vec<schemas::EventTypePattern>,
    /// What it is for.
    description: Option<schemas::WebhookDescriptionText>,
    /// Whether anything is sent.
    #[schema(required = false)]
    enabled: bool,
    /// Your own notes, all of them.
    #[schema(required = false)]
    metadata: schemas::Metadata,
}

/// Reads a new webhook, and whether it is enabled.
pub(super) fn new_webhook(
    fields: &mut Fields<'_>,
    reach: &Reach,
) -> Option<(WebhookProfile, bool)> {
    let url = fields.required("url", text(|raw| WebhookUrl::parse(raw, reach)));
    let event_types = fields.required("event_types", event_types);
    let description = fields.optional("description", text(WebhookDescription::parse));
    let enabled = fields.optional("enabled", flag);
    let metadata = fields.optional("metadata", metadata);
    let profile = WebhookProfile {
        url: url?,
        event_types: event_types?,
        description: description?,
        metadata: metadata?.unwrap_or_default(),
    };
    Some((profile, enabled?.unwrap_or(true)))
}

/// Reads what is to be different.
pub(super) fn webhook_changes(fields: &mut Fields<'_>, reach: &Reach) -> Option<WebhookChanges> {
    let url = fields.change("url", text(|raw| WebhookUrl::parse(raw, reach)));
    let event_types = fields.change("event_types", event_types);
    let description = fields.clearable("description", text(WebhookDescription::parse));
    let enabled = fields.change("enabled", flag);
    let metadata = fields.change("metadata", metadata);
    Some(WebhookChanges {
        url: url?,
        event_types: event_types?,
        description: description?,
        metadata: metadata?,
        is_enabled: enabled?,
    })
}

fn event_types(value: Value<'_>) -> Option<EventTypes> {
    let patterns = value.list(|pattern| text(parse_pattern)(pattern))?;
    value.accept(EventTypes::new(patterns))
}

fn parse_pattern(raw: &str) -> Result<TypePattern, InvalidValue> {
    let expected =
        "a type of event such as invoice.sent, all of a resource such as invoice.*, or *";
    TypePattern::parse(raw).map_err(|_| InvalidValue::Malformed { expected })
}

fn flag(value: Value<'_>) -> Option<bool> {
    match value.json() {
        Json::Boolean(flag) => Some(*flag),
        _ => value.wrong_type("must be true or false"),
    }
}
