//! `POST /api/v1/api-keys`

use actix_web::{post, web};
use app::platform::{CreateApiKey, CreateApiKeyError, NewApiKey};
use domain::platform::{Grant, KeyName, Scope, Scopes, expiry_after};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::api_key::ApiKeyBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteKeys},
    input::{
        Fields, Request, Value,
        readers::{instant, text},
    },
    problem::{Problem, catalogue::INSUFFICIENT_SCOPE},
    schemas,
};

/// A key to be made.
#[derive(ToSchema)]
#[schema(as = NewApiKey, example = json!({
    "name": "shop back end",
    "scopes": ["customers:read", "invoices:write"],
    "expires_at": null,
}))]
#[expect(dead_code, reason = "the schema of the body, which `read_key` reads")]
struct Wanted {
    /// What a person calls it.
    name: schemas::ApiKeyName,
    /// What it may do: no more than the key that asks for it.
    #[schema(min_items = 1)]
    scopes: Vec<schemas::ScopeName>,
    /// From when on it opens nothing, in the future; it never ends without, which a key that ends cannot grant.
    expires_at: Option<schemas::Instant>,
}

/// A key that was made, with its secret.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiKeyWithSecret, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "name": "shop back end",
    "scopes": ["customers:read", "invoices:write"],
    "secret_prefix": "tsk_4f9aQ2",
    "secret": "tsk_4f9aQ2xV7bN0cM5kL8jH3gF6dS1aP9oI",
    "created_at": "2026-11-20T13:02:11.123456Z",
    "expires_at": null,
    "version": 1,
}))]
struct Made {
    /// The key.
    #[serde(flatten)]
    key: ApiKeyBody,
    /// The secret. It is shown this once.
    #[schema(pattern = "^tsk_[0-9A-Za-z]{32,}$")]
    secret: String,
}

/// Make an API key
///
/// It can do no more than the key that asks for it, and ends no later. A repeated request under the same Idempotency-Key shows the secret
/// again; the answer is stored under seal for that.
#[utoipa::path(
    tag = "platform",
    operation_id = "createApiKey",
    security(("api_key" = ["keys:write"])),
    request_body = Wanted,
    responses((status = 201, description = "The key, with its secret", body = Made))
)]
#[post("/api-keys")]
pub(super) async fn create_api_key(
    caller: Caller<WriteKeys>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let read = |now| request.read(|input| input.body(|fields| read_key(fields, now)));
    // Before the answer that is stored under an idempotency key is looked up: it shows a secret, and whoever asks for it
    // again may be able to do less than whoever asked first.
    let cover = |wanted: &Grant| {
        let covered = caller.grant().cover(wanted);
        covered.map_err(|beyond| Problem::of(&INSUFFICIENT_SCOPE).because(beyond))
    };
    let (name, wanted) = match (read(api.invoicing.clock.now()), read(Timestamp::MIN)) {
        (Ok(key), _) => key,
        // Nothing but its end is wrong, and that may still have been to come when the same was asked for first.
        (Err(refused), Ok((_, wanted))) => {
            cover(&wanted)?;
            return request.answered_before(refused).await;
        }
        (Err(refused), Err(_)) => return Err(refused),
    };
    cover(&wanted)?;
    let command = CreateApiKey {
        caller: caller.acting(),
        granted_by: Some(caller.grant().clone()),
        name,
        scopes: wanted.scopes,
        expires_at: wanted.expires_at,
    };
    request
        .execute(&api.platform.create_api_key, command, made)
        .await
}

fn made(new: &NewApiKey) -> Answer {
    let location = format!("/api/v1/api-keys/{}", new.facts.id);
    let body = Made {
        key: ApiKeyBody::from(&new.facts),
        secret: new.secret.expose().to_owned(),
    };
    Answer::created(&location, new.facts.version, &body).secret()
}

fn read_key(fields: &mut Fields<'_>, now: Timestamp) -> Option<(KeyName, Grant)> {
    let name = fields.required("name", text(KeyName::parse));
    let scopes = fields.required("scopes", read_scopes);
    let expires_at = fields.optional("expires_at", |value| {
        let end = instant(value)?;
        value.accept(expiry_after(end, now))
    });
    let wanted = Grant {
        scopes: scopes?,
        expires_at: expires_at?,
    };
    Some((name?, wanted))
}

fn read_scopes(value: Value<'_>) -> Option<Scopes> {
    let scopes = value.list(|scope| text(Scope::parse)(scope))?;
    value.accept(Scopes::new(scopes))
}

impl From<&CreateApiKeyError> for Problem {
    fn from(error: &CreateApiKeyError) -> Self {
        match error {
            CreateApiKeyError::Refused(_) => Self::of(&INSUFFICIENT_SCOPE).because(error),
            CreateApiKeyError::Storage(error) => Self::from(error),
        }
    }
}
