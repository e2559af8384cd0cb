//! `GET /api/v1/api-keys/{id}`

use actix_web::{get, web};
use domain::ids::ApiKeyId;

use super::api_key::ApiKeyBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadKeys},
    input::Request,
    problem::{Problem, catalogue::NOT_FOUND},
};

/// Get an API key
///
/// A revoked key is not found.
#[utoipa::path(
    tag = "platform",
    operation_id = "getApiKey",
    security(("api_key" = ["keys:read"])),
    responses((status = 200, description = "The key", body = ApiKeyBody))
)]
#[get("/api-keys/{id}")]
pub(super) async fn get_api_key(
    caller: Caller<ReadKeys>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", ApiKeyId::from_uuid))?;
    let found = api
        .platform
        .api_keys
        .find(caller.organization_id(), id)
        .await?;
    let facts = found
        .filter(|facts| facts.revoked_at.is_none())
        .ok_or_else(|| Problem::of(&NOT_FOUND).because(format_args!("there is no API key {id}")))?;
    Ok(Answer::single(facts.version, &ApiKeyBody::from(&facts)))
}
