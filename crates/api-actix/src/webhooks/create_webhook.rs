//! `POST /api/v1/webhooks`

use actix_web::{post, web};
use app::webhooks::{CreateWebhook, CreateWebhookError, WebhookWithSecret};

use super::{
    webhook_body::WebhookWithSecretBody,
    webhook_fields::{NewWebhook, new_webhook},
};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteWebhooks},
    input::Request,
    problem::Problem,
};

/// Make a webhook
///
/// Events that happen from now on are sent to it. A repeated request under the same Idempotency-Key shows the secret again;
/// the answer is stored under seal for that.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "createWebhook",
    security(("api_key" = ["webhooks:write"])),
    request_body = NewWebhook,
    responses((status = 201, description = "The webhook, with its secret", body = WebhookWithSecretBody))
)]
#[post("/webhooks")]
pub(super) async fn create_webhook(
    caller: Caller<WriteWebhooks>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let reach = &api.webhooks.reach;
    let (profile, is_enabled) =
        request.read(|input| input.body(|fields| new_webhook(fields, reach)))?;
    let command = CreateWebhook {
        caller: caller.acting(),
        profile,
        is_enabled,
    };
    request
        .execute(&api.webhooks.create, command, created)
        .await
}

fn created(made: &WebhookWithSecret) -> Answer {
    let location = format!("/api/v1/webhooks/{}", made.facts.id);
    let body = WebhookWithSecretBody::from(made);
    Answer::created(&location, made.facts.version, &body).secret()
}

impl From<&CreateWebhookError> for Problem {
    fn from(error: &CreateWebhookError) -> Self {
        match error {
            CreateWebhookError::Storage(error) => Self::from(error),
        }
    }
}
