//! `POST /api/v1/webhooks/{id}/rotate-secret`

use actix_web::{post, web};
use app::webhooks::{RotateSecret, RotateSecretError, WebhookWithSecret};
use domain::ids::WebhookId;

use super::webhook_body::WebhookWithSecretBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteWebhooks},
    input::Request,
    problem::{Problem, catalogue::NOT_FOUND},
};

/// Give a webhook a new secret
///
/// The one it had signs as well for 24 hours, so that receivers can change over in peace.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "rotateWebhookSecret",
    security(("api_key" = ["webhooks:write"])),
    responses((status = 200, description = "The webhook, with its new secret", body = WebhookWithSecretBody))
)]
#[post("/webhooks/{id}/rotate-secret")]
pub(super) async fn rotate_secret(
    caller: Caller<WriteWebhooks>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", WebhookId::from_uuid))?;
    let command = RotateSecret {
        caller: caller.acting(),
        id,
    };
    request
        .execute(&api.webhooks.rotate, command, rotated)
        .await
}

fn rotated(made: &WebhookWithSecret) -> Answer {
    Answer::single(made.facts.version, &WebhookWithSecretBody::from(made)).secret()
}

impl From<&RotateSecretError> for Problem {
    fn from(error: &RotateSecretError) -> Self {
        match error {
            RotateSecretError::NotFound(_) | RotateSecretError::Refused(_) => {
                Self::of(&NOT_FOUND).because(error)
            }
            RotateSecretError::Storage(error) => Self::from(error),
        }
    }
}
