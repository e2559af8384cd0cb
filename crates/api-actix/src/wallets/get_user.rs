//! `GET /api/v1/users/{id}`

use std::sync::Arc;

use actix_web::{get, web};
use domain::{
    ids::{OrganizationId, UserId},
    wallets::UserFacts,
};

use super::user_body::{UserBody, single};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadUsers},
    input::Request,
    problem::{Problem, catalogue::NOT_FOUND},
};

/// Get a user
///
/// A closed one as well.
#[utoipa::path(
    tag = "wallets",
    operation_id = "getUser",
    security(("api_key" = ["users:read"])),
    responses((status = 200, description = "The user", body = UserBody))
)]
#[get("/users/{id}")]
pub(super) async fn get_user(
    caller: Caller<ReadUsers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", UserId::from_uuid))?;
    let facts = known_user(&api, caller.organization_id(), id).await?;
    Ok(single(&api.wallets.directory.show(&facts)?))
}

/// The user of an id, closed or not.
pub(super) async fn known_user(
    api: &Api,
    organization_id: OrganizationId,
    id: UserId,
) -> Result<Arc<UserFacts>, Problem> {
    let found = api.wallets.directory.find(organization_id, id).await?;
    found.ok_or_else(|| Problem::of(&NOT_FOUND).because(format!("there is no user {id}")))
}
