//! `POST /api/v1/webhook-deliveries/{id}/retry`

use actix_web::{post, web};
use app::webhooks::{RetryDelivery, RetryDeliveryError};
use domain::ids::WebhookDeliveryId;

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

/// Send an event to a webhook again
///
/// At once, whatever has come of it, and with all its attempts again. A receiver that has had it recognises its `webhook-id`.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "retryWebhookDelivery",
    security(("api_key" = ["webhooks:write"])),
    responses((status = 202, description = "The delivery", body = DeliveryBody), Refusals)
)]
#[post("/webhook-deliveries/{id}/retry")]
pub(super) async fn retry_delivery(
    caller: Caller<WriteWebhooks>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", WebhookDeliveryId::from_uuid))?;
    let command = RetryDelivery {
        caller: caller.acting(),
        id,
    };
    request
        .execute(&api.webhooks.retry, command, under_way)
        .await
}

crate::openapi::refusals!(Refusals: WEBHOOK_DISABLED);

impl From<&RetryDeliveryError> for Problem {
    fn from(error: &RetryDeliveryError) -> Self {
        match error {
            RetryDeliveryError::NotFound(_) => Self::of(&NOT_FOUND).because(error),
            RetryDeliveryError::Refused(_) => Self::of(&WEBHOOK_DISABLED).because(error),
            RetryDeliveryError::Storage(error) => Self::from(error),
        }
    }
}
