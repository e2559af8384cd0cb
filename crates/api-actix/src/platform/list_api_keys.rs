//! `GET /api/v1/api-keys`

use actix_web::{get, web};

use super::api_key::ApiKeyBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadKeys},
    input::Request,
    listing::ListOf,
    problem::Problem,
};

/// List the API keys
///
/// Those that are not revoked, newest first.
#[utoipa::path(
    tag = "platform",
    operation_id = "listApiKeys",
    security(("api_key" = ["keys:read"])),
    responses((status = 200, description = "A piece of the list", body = ListOf<ApiKeyBody>))
)]
#[get("/api-keys")]
pub(super) async fn list_api_keys(
    caller: Caller<ReadKeys>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let window = request.read_window()?;
    let listing = api
        .platform
        .api_keys
        .list(caller.organization_id(), window)
        .await?;
    Ok(request.list(window, listing, |facts| ApiKeyBody::from(&facts)))
}
