//! `PATCH /api/v1/users/{id}`

use actix_web::{patch, web};
use api_shared::wallets::user_changes;
use app::wallets::RenameUser;
use domain::ids::UserId;

use super::{
    user_body::{UserBody, single},
    user_fields::ChangedUser,
};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteUsers},
    input::Request,
    problem::Problem,
};

/// Change a user
///
/// The name only: a username is for ever, since people pay by it.
#[utoipa::path(
    tag = "wallets",
    operation_id = "updateUser",
    security(("api_key" = ["users:write"])),
    request_body = ChangedUser,
    responses((status = 200, description = "The user as it is now", body = UserBody))
)]
#[patch("/users/{id}")]
pub(super) async fn rename_user(
    caller: Caller<WriteUsers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, precondition, changes) = request.read(|input| {
        let id = input.id("id", UserId::from_uuid);
        let precondition = input.if_match();
        let changes = input.body(user_changes);
        Some((id?, precondition?, changes?))
    })?;
    let command = RenameUser {
        caller: caller.acting(),
        id,
        precondition,
        name: changes.name,
    };
    request.execute(&api.wallets.rename, command, single).await
}
