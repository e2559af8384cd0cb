//! `GET /api/v1/users/{id}`

use actix_web::{get, web};
use domain::ids::UserId;

use super::user_body::{UserBody, single};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadUsers},
    input::Request,
    problem::Problem,
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
    let facts = api.wallets.known_user(caller.organization_id(), id).await?;
    Ok(single(&api.wallets.directory.show(&facts)?))
}
