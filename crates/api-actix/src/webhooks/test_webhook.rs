//! `POST /api/v1/webhooks/{id}/test`

use actix_web::{post, web};
use app::webhooks::{TestWebhook, TestWebhookError};
use domain::ids::WebhookId;

use super::delivery_body::{DeliveryBody, under_way};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteWebhooks},
    input::Request,
    problem::{
        Problem,
        catalogue::{NOT_FOUND, WEBHOOK_DISABLED},
    },
};

/// Send a test event to a webhook
///
/// An event of the type `webhook.test`, whatever types the webhook asks for. It is in no feed, and has 0 as its `sequence`.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "testWebhook",
    security(("api_key" = ["webhooks:write"])),
    responses((status = 202, description = "The delivery", body = DeliveryBody), Refusals)
)]
#[post("/webhooks/{id}/test")]
pub(super) async fn test_webhook(
    caller: Caller<WriteWebhooks>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", WebhookId::from_uuid))?;
    let command = TestWebhook {
        caller: caller.acting(),
        id,
    };
    request
        .execute(&api.webhooks.test, command, under_way)
        .await
}

crate::openapi::refusals!(Refusals: WEBHOOK_DISABLED);

impl From<&TestWebhookError> for Problem {
    fn from(error: &TestWebhookError) -> Self {
        match error {
            TestWebhookError::NotFound(_) => Self::of(&NOT_FOUND).because(error),
            TestWebhookError::Refused(_) => Self::of(&WEBHOOK_DISABLED).because(error),
            TestWebhookError::Storage(error) => Self::from(error),
        }
    }
}
