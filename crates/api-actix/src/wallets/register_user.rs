//! `POST /api/v1/users`

use actix_web::{post, web};
use app::wallets::{RegisterUser, RegisterUserError};

use super::{
    user_body::{UserBody, created},
    user_fields::{NewUser, new_user},
};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteUsers},
    input::Request,
    problem::{Problem, catalogue::ALREADY_EXISTS},
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
    let user = request.read(|input| input.body(new_user))?;
    let command = RegisterUser {
        caller: caller.acting(),
        username: user.username,
        name: user.name,
        national_id: user.national_id,
        currency: user.currency,
    };
    request
        .execute(&api.wallets.register, command, created)
        .await
}

crate::openapi::refusals!(Refusals: ALREADY_EXISTS);

impl From<&RegisterUserError> for Problem {
    fn from(error: &RegisterUserError) -> Self {
        match error {
            RegisterUserError::UsernameTaken | RegisterUserError::NationalIdTaken => {
                Self::of(&ALREADY_EXISTS).because(error)
            }
            RegisterUserError::Storage(error) => Self::from(error),
        }
    }
}
