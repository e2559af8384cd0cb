//! `tallystick keys`: API keys, also the first one of an organization.

use std::sync::Arc;

use anyhow::Context as _;
use app::{
    paging::{Limit, Window},
    platform::{CreateApiKey, CreateApiKeyHandler, RevokeApiKey, RevokeApiKeyHandler},
};
use clap::{Args, Subcommand};
use domain::{
    ids::{ApiKeyId, OrganizationId},
    platform::{ApiKeyFacts, KeyName, Scope, Scopes, expiry_after},
    version::Precondition,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{desk, output};
use crate::{config::Inputs, wiring::Core};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Makes a key and prints its secret, which is not shown again.
    Create(Create),
    /// Lists the keys that are not revoked, newest first.
    List(Whose),
    /// Revokes a key; servers that run refuse it within 5 seconds.
    Revoke {
        /// The id of the key.
        id: Uuid,
        #[command(flatten)]
        whose: Whose,
    },
}

#[derive(Debug, Args)]
pub(super) struct Whose {
    /// The id of the organization; not needed when there is only one.
    #[arg(long, value_name = "ID")]
    organization: Option<Uuid>,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// What the key may do: `*`, or <resource>:read or <resource>:write (repeatable).
    #[arg(long = "scope", required = true, value_name = "SCOPE", value_parser = Scope::parse)]
    scopes: Vec<Scope>,
    /// What it is called.
    #[arg(long, default_value = "command line", value_parser = KeyName::parse)]
    name: KeyName,
    /// When it ends, for example 2027-01-31T00:00:00Z; never without.
    #[arg(long, value_name = "INSTANT")]
    expires_at: Option<Timestamp>,
    #[command(flatten)]
    whose: Whose,
}

pub(super) fn run(command: &Command, inputs: &Inputs) -> anyhow::Result<()> {
    match command {
        Command::Create(arguments) => {
            desk::run_with_core(inputs, async |core| create(core, arguments).await)
        }
        Command::List(whose) => desk::run_with_core(inputs, async |core| list(core, whose).await),
        Command::Revoke { id, whose } => {
            desk::run_with_core(inputs, async |core| revoke(core, *id, whose).await)
        }
    }
}

async fn create(core: &Core, arguments: &Create) -> anyhow::Result<()> {
    let organization_id = desk::organization(core, arguments.whose.organization).await?;
    let now = core.clock.now();
    let expires_at = arguments.expires_at.map(|end| expiry_after(end, now));
    let expires_at = expires_at.transpose().context("--expires-at")?;
    let command = CreateApiKey {
        caller: desk::caller(organization_id),
        granted_by: None,
        name: arguments.name.clone(),
        scopes: Scopes::new(arguments.scopes.iter().copied())?,
        expires_at,
    };
    let (clock, ids) = (core.clock.clone(), core.ids.clone());
    let handler = CreateApiKeyHandler::new(clock, ids, core.secrets.clone());
    let new = core.bus.execute(Arc::new(handler), command).await?;

    let secret = new.secret.expose();
    if arguments.whose.json {
        let mut value = as_value(&new.facts);
        value["secret"] = secret.into();
        output::print_json(&value)
    } else {
        output::note(&format!(
            "key {} of organization {organization_id}:",
            new.facts.id
        ));
        Ok(output::print(secret)?)
    }
}

async fn list(core: &Core, whose: &Whose) -> anyhow::Result<()> {
    let organization_id = desk::organization(core, whose.organization).await?;
    let keys = all_keys(core, organization_id).await?;
    if whose.json {
        return output::print_json(&keys.iter().map(as_value).collect::<Vec<_>>());
    }
    let rows: Vec<_> = keys.iter().map(row).collect();
    Ok(output::print(&output::table(
        ["id", "starts with", "name", "scopes", "ends"],
        &rows,
    ))?)
}

async fn all_keys(
    core: &Core,
    organization_id: OrganizationId,
) -> anyhow::Result<Vec<ApiKeyFacts>> {
    let (mut keys, mut position) = (Vec::new(), None);
    loop {
        let window = Window::After {
            position,
            limit: Limit::default(),
        };
        let piece = core.stored_api_keys.list(organization_id, window).await?;
        keys.extend(piece.rows);
        position = piece.next;
        if position.is_none() {
            return Ok(keys);
        }
    }
}

async fn revoke(core: &Core, id: Uuid, whose: &Whose) -> anyhow::Result<()> {
    let organization_id = desk::organization(core, whose.organization).await?;
    let command = RevokeApiKey {
        caller: desk::caller(organization_id),
        id: ApiKeyId::from_uuid(id),
        precondition: Precondition::Any,
    };
    let handler = RevokeApiKeyHandler::new(core.clock.clone(), core.ids.clone());
    core.bus.execute(Arc::new(handler), command).await?;
    if whose.json {
        output::print_json(&json!({ "id": id, "revoked": true }))
    } else {
        Ok(output::print(&format!("revoked key {id}"))?)
    }
}

fn row(key: &ApiKeyFacts) -> [String; 5] {
    let end = key.expires_at.map(output::instant);
    [
        key.id.to_string(),
        key.shown_prefix.clone(),
        key.name.as_str().to_owned(),
        scopes(key).join(" "),
        end.unwrap_or_else(|| "never".to_owned()),
    ]
}

fn as_value(key: &ApiKeyFacts) -> Value {
    json!({
        "id": key.id.as_uuid(),
        "organization_id": key.organization_id.as_uuid(),
        "name": key.name.as_str(),
        "prefix": key.shown_prefix,
        "scopes": scopes(key),
        "created_at": output::instant(key.created_at),
        "expires_at": key.expires_at.map(output::instant),
    })
}

fn scopes(key: &ApiKeyFacts) -> Vec<String> {
    key.scopes.iter().map(|scope| scope.to_string()).collect()
}
