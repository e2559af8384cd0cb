//! `DELETE /api/v1/webhooks/{id}`

use actix_web::{delete, web};
use app::webhooks::{DeleteWebhook, DeleteWebhookError};
use domain::ids::WebhookId;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteWebhooks},
    input::Request,
    problem::{
        Problem,
        catalogue::{NOT_FOUND, VERSION_CONFLICT},
    },
};

/// Delete a webhook
///
/// Nothing is sent to it any more.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "deleteWebhook",
    security(("api_key" = ["webhooks:write"])),
    responses((status = 204, description = "It is deleted"))
)]
#[delete("/webhooks/{id}")]
pub(super) async fn delete_webhook(
    caller: Caller<WriteWebhooks>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, precondition) = request.read(|input| {
        let id = input.id("id", WebhookId::from_uuid);
        let precondition = input.if_match();
        Some((id?, precondition?))
    })?;
    let command = DeleteWebhook {
        caller: caller.acting(),
        id,
        precondition,
    };
    let show = |&(): &()| Answer::no_content();
    request.execute(&api.webhooks.delete, command, show).await
}

impl From<&DeleteWebhookError> for Problem {
    fn from(error: &DeleteWebhookError) -> Self {
        match error {
            DeleteWebhookError::NotFound(_) | DeleteWebhookError::Refused(_) => {
                Self::of(&NOT_FOUND).because(error)
            }
            DeleteWebhookError::Conflict(_) => Self::of(&VERSION_CONFLICT).because(error),
            DeleteWebhookError::Storage(error) => Self::from(error),
        }
    }
}
