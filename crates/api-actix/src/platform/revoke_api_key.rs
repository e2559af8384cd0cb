//! `DELETE /api/v1/api-keys/{id}`

use actix_web::{delete, web};
use app::platform::{RevokeApiKey, RevokeApiKeyError};
use domain::{
    ids::ApiKeyId,
    version::{Precondition, VersionConflict},
};

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
    if precondition != Precondition::Any {
        // The only change of a key is its end, so a version that is seen here is still there when the command runs.
        let found = api
            .platform
            .api_keys
            .find(caller.organization_id(), id)
            .await?;
        let key = found.ok_or_else(|| Problem::of(&NOT_FOUND))?;
        let conflict = |error: VersionConflict| Problem::of(&VERSION_CONFLICT).because(error);
        precondition.check(key.version).map_err(conflict)?;
    }
    let command = RevokeApiKey {
        caller: caller.acting(),
        id,
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
            RevokeApiKeyError::Storage(error) => Self::from(error),
        }
    }
}
