//! How a row of `webhooks` becomes facts, and back.

use app::ports::{StorageError, Subscriber};
use domain::{
    event::TypePattern,
    ids::{OrganizationId, WebhookId},
    version::Version,
    webhooks::{
        DisabledReason, EventTypes, FormerSecret, SealedSecret, SigningSecrets, WebhookDescription,
        WebhookFacts, WebhookProfile, WebhookState, WebhookUrl,
    },
};
use tokio_postgres::{Row, types::Json};

use crate::{columns::Columns, error::corrupt, unit_of_work::OwnedParam};

const ENTITY: &str = "webhook";

/// Named one by one, so that a prepared statement outlives a migration that adds one.
pub(super) const COLUMNS: &str = "id, organization_id, url, event_types, description, metadata, disabled_reason, \
    disabled_at, secret_sealed, former_sealed, former_until, created_at, updated_at, deleted_at, version";

pub(super) fn webhook_from(row: &Row) -> Result<WebhookFacts, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let profile = WebhookProfile {
        url: columns.parse("url", WebhookUrl::restore)?,
        event_types: event_types(columns)?,
        description: columns.parse_optional("description", WebhookDescription::parse)?,
        metadata: columns.metadata()?,
    };
    Ok(WebhookFacts {
        id: WebhookId::from_uuid(columns.get("id")?),
        organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
        profile,
        state: state(columns)?,
        secrets: secrets(columns)?,
        created_at: columns.get("created_at")?,
        updated_at: columns.get("updated_at")?,
        deleted_at: columns.get("deleted_at")?,
        version: Version::new(columns.get("version")?),
    })
}

/// The columns `organization_id`, `id` and `event_types`.
pub(super) fn subscriber_from(row: &Row) -> Result<Subscriber, StorageError> {
    let columns = Columns::of(ENTITY, row);
    Ok(Subscriber {
        organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
        webhook_id: WebhookId::from_uuid(columns.get("webhook_id")?),
        event_types: event_types(columns)?,
    })
}

/// The columns `secret_sealed`, `former_sealed` and `former_until`.
pub(super) fn secrets(columns: Columns<'_>) -> Result<SigningSecrets, StorageError> {
    let former: Option<Vec<u8>> = columns.get("former_sealed")?;
    let former = match former {
        Some(sealed) => Some(FormerSecret {
            sealed: SealedSecret(sealed),
            until: columns.get("former_until")?,
        }),
        None => None,
    };
    Ok(SigningSecrets {
        current: SealedSecret(columns.get("secret_sealed")?),
        former,
    })
}

fn event_types(columns: Columns<'_>) -> Result<EventTypes, StorageError> {
    let words: Vec<&str> = columns.get("event_types")?;
    let patterns: Result<Vec<_>, _> = words.into_iter().map(TypePattern::parse).collect();
    let patterns = patterns.map_err(|why| corrupt(ENTITY, why))?;
    EventTypes::new(patterns).map_err(|why| corrupt(ENTITY, why))
}

fn state(columns: Columns<'_>) -> Result<WebhookState, StorageError> {
    let reason: Option<&str> = columns.get("disabled_reason")?;
    let Some(reason) = reason else {
        return Ok(WebhookState::Enabled);
    };
    Ok(WebhookState::Disabled {
        reason: DisabledReason::parse(reason)
            .ok_or_else(|| corrupt(ENTITY, format!("{reason} is no reason")))?,
        since: columns.get("disabled_at")?,
    })
}

/// The columns `id` to `version`, in the order of [`COLUMNS`].
pub(super) fn columns(facts: &WebhookFacts) -> Vec<OwnedParam> {
    let profile = &facts.profile;
    let disabled = facts.state.disabled();
    let former = facts.secrets.former.as_ref();
    let patterns = profile.event_types.patterns().iter();
    let patterns: Vec<String> = patterns.map(|it| it.as_str().to_owned()).collect();
    let description = profile.description.as_ref();
    vec![
        Box::new(facts.id.as_uuid()),
        Box::new(facts.organization_id.as_uuid()),
        Box::new(profile.url.as_str().to_owned()),
        Box::new(patterns),
        Box::new(description.map(|it| it.as_str().to_owned())),
        Box::new(Json(profile.metadata.pairs().clone())),
        Box::new(disabled.map(|(reason, _)| reason.code())),
        Box::new(disabled.map(|(_, since)| since)),
        Box::new(facts.secrets.current.0.clone()),
        Box::new(former.map(|it| it.sealed.0.clone())),
        Box::new(former.map(|it| it.until)),
        Box::new(facts.created_at),
        Box::new(facts.updated_at),
        Box::new(facts.deleted_at),
        Box::new(facts.version.as_i64()),
    ]
}
