//! `GET /api/v1/organization`

use actix_web::{get, web};

use super::organization::OrganizationBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadOrganization},
    input::Request,
    problem::{Problem, catalogue::NOT_FOUND},
};

/// Get the organization
///
/// The one that the API key opens.
#[utoipa::path(
    tag = "platform",
    operation_id = "getOrganization",
    security(("api_key" = ["organization:read"])),
    responses((status = 200, description = "The organization", body = OrganizationBody), Refusals)
)]
#[get("/organization")]
pub(super) async fn get_organization(
    caller: Caller<ReadOrganization>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    request.read_nothing()?;
    let found = api
        .platform
        .organizations
        .find(caller.organization_id())
        .await?;
    let facts = found.ok_or_else(|| Problem::of(&NOT_FOUND))?;
    Ok(Answer::single(
        facts.version,
        &OrganizationBody::from(&facts),
    ))
}

crate::openapi::refusals!(Refusals: NOT_FOUND);
