//! `PATCH /api/v1/webhooks/{id}`

use actix_web::{patch, web};
use app::webhooks::{ReviseWebhook, ReviseWebhookError};
use domain::{ids::WebhookId, webhooks::WebhookFacts};

use super::{
    webhook_body::WebhookBody,
    webhook_fields::{ChangedWebhook, webhook_changes},
};
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

/// Change a webhook
///
/// What waits for one that is disabled is sent when it is enabled. What happens meanwhile is not; replay it.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "updateWebhook",
    security(("api_key" = ["webhooks:write"])),
    request_body = ChangedWebhook,
    responses((status = 200, description = "The webhook as it is now", body = WebhookBody))
)]
#[patch("/webhooks/{id}")]
pub(super) async fn revise_webhook(
    caller: Caller<WriteWebhooks>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let reach = &api.webhooks.reach;
    let (id, precondition, changes) = request.read(|input| {
        let id = input.id("id", WebhookId::from_uuid);
        let precondition = input.if_match();
        let changes = input.body(|fields| webhook_changes(fields, reach));
        Some((id?, precondition?, changes?))
    })?;
    let command = ReviseWebhook {
        caller: caller.acting(),
        id,
        precondition,
        changes,
    };
    let show = |facts: &WebhookFacts| Answer::single(facts.version, &WebhookBody::from(facts));
    request.execute(&api.webhooks.revise, command, show).await
}

impl From<&ReviseWebhookError> for Problem {
    fn from(error: &ReviseWebhookError) -> Self {
        match error {
            ReviseWebhookError::NotFound(_) | ReviseWebhookError::Refused(_) => {
                Self::of(&NOT_FOUND).because(error)
            }
            ReviseWebhookError::Conflict(_) => Self::of(&VERSION_CONFLICT).because(error),
            ReviseWebhookError::Storage(error) => Self::from(error),
        }
    }
}
