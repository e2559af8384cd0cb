//! `DELETE /api/v1/api-keys/{id}`

use actix_web::{delete, web};
use app::platform::{RevokeApiKey, RevokeApiKeyError};
use domain::ids::ApiKeyId;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteKeys},
    input::Request,
    problem::{
        Problem,
        catalogue::{NOT_FOUND, VERSION_CONFLICT},
    },
};

/// Revoke an API key
///
/// It opens nothing any more, everywhere within 5 seconds.
#[utoipa::path(
    tag = "platform",
    operation_id = "revokeApiKey",
    security(("api_key" = ["keys:write"])),
    responses((status = 204, description = "It is revoked"))
)]
#[delete("/api-keys/{id}")]
pub(super) async fn revoke_api_key(
    caller: Caller<WriteKeys>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, precondition) = request.read(|input| {
        let id = input.id("id", ApiKeyId::from_uuid);
        let precondition = input.if_match();
        Some((id?, precondition?))
    })?;
    let command = RevokeApiKey {
        caller: caller.acting(),
        id,
        precondition,
    };
    let show = |&(): &()| Answer::no_content();
    request
        .execute(&api.platform.revoke_api_key, command, show)
        .await
}

impl From<&RevokeApiKeyError> for Problem {
    fn from(error: &RevokeApiKeyError) -> Self {
        match error {
            // A revoked key is one that is not there any more.
            RevokeApiKeyError::NotFound(_) | RevokeApiKeyError::Refused(_) => {
                Self::of(&NOT_FOUND).because(error)
            }
            RevokeApiKeyError::Conflict(_) => Self::of(&VERSION_CONFLICT).because(error),
            RevokeApiKeyError::Storage(error) => Self::from(error),
        }
    }
}
