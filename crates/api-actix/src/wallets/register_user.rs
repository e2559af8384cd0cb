//! `POST /api/v1/users`

use actix_web::{post, web};
use api_shared::wallets::new_user;

use super::{
    user_body::{UserBody, created},
    user_fields::NewUser,
};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteUsers},
    input::Request,
    problem::Problem,
};

/// Register a user
///
/// With a wallet, an account of the ledger with nothing on it: both come to be, or neither.
#[utoipa::path(
    tag = "wallets",
    operation_id = "createUser",
    security(("api_key" = ["users:write"])),
    request_body = NewUser,
    responses((status = 201, description = "The user", body = UserBody), Refusals)
)]
#[post("/users")]
pub(super) async fn register_user(
    caller: Caller<WriteUsers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let command = request.read(|input| input.body(|it| new_user(it, caller.acting())))?;
    request
        .execute(&api.wallets.register, command, created)
        .await
}

crate::openapi::refusals!(Refusals: ALREADY_EXISTS);
