//! `DELETE /api/v1/users/{id}`

use actix_web::{delete, web};
use app::wallets::CloseUser;
use domain::ids::UserId;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteUsers},
    input::Request,
    problem::Problem,
};

/// Close a user
///
/// Together with the wallet, which has to be empty. What is closed stays to be read; the national id may be registered
/// again, the username may not.
#[utoipa::path(
    tag = "wallets",
    operation_id = "deleteUser",
    security(("api_key" = ["users:write"])),
    responses((status = 204, description = "User and wallet are closed"), Refusals)
)]
#[delete("/users/{id}")]
pub(super) async fn close_user(
    caller: Caller<WriteUsers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, precondition) = request.read(|input| {
        let id = input.id("id", UserId::from_uuid);
        let precondition = input.if_match();
        Some((id?, precondition?))
    })?;
    let command = CloseUser {
        caller: caller.acting(),
        id,
        precondition,
    };
    let show = |&(): &()| Answer::no_content();
    request.execute(&api.wallets.close, command, show).await
}

crate::openapi::refusals!(Refusals: ACCOUNT_NOT_EMPTY);
