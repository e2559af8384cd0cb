//! `PATCH /api/v1/users/{id}`

use actix_web::{patch, web};
use app::wallets::{RenameUser, RenameUserError};
use domain::ids::UserId;

use super::{
    user_body::{UserBody, single},
    user_fields::{ChangedUser, user_changes},
};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteUsers},
    input::Request,
    problem::{
        Problem,
        catalogue::{INTERNAL_ERROR, NOT_FOUND, VERSION_CONFLICT},
    },
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

impl From<&RenameUserError> for Problem {
    fn from(error: &RenameUserError) -> Self {
        match error {
            // A closed user is one that is not there any more to be changed.
            RenameUserError::NotFound(_) | RenameUserError::Refused(_) => {
                Self::of(&NOT_FOUND).because(error)
            }
            RenameUserError::Conflict(_) => Self::of(&VERSION_CONFLICT).because(error),
            RenameUserError::Seal(_) => Self::of(&INTERNAL_ERROR).caused_by(error),
            RenameUserError::Storage(error) => Self::from(error),
        }
    }
}
