//! `GET /api/v1/users?username=…`

use actix_web::{get, web};
use api_shared::wallets::named_users;

use super::user_body::UserBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadUsers},
    input::Request,
    listing::ListOf,
    problem::Problem,
    schemas,
};

/// Find a user by name
///
/// A list of one, or of none if nobody who is not closed has the name.
#[utoipa::path(
    tag = "wallets",
    operation_id = "listUsers",
    security(("api_key" = ["users:read"])),
    params(
        ("username" = schemas::Username, Query, description = "With exactly this name, whatever the case of its letters"),
    ),
    responses((status = 200, description = "The user, if there is one", body = ListOf<UserBody>))
)]
#[get("/users")]
pub(super) async fn find_user(
    caller: Caller<ReadUsers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (username, window) = request.read(|input| input.query(named_users))?;
    let users = &api.wallets;
    let listing = users
        .list_named(caller.organization_id(), &username, window)
        .await?;
    Ok(request.list(window, listing, UserBody::from))
}
