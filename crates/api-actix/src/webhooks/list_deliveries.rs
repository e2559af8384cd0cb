//! `GET /api/v1/webhooks/{id}/deliveries`

use actix_web::{get, web};
use domain::ids::WebhookId;

use super::{delivery_body::DeliveryBody, get_webhook::find};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadWebhooks},
    input::Request,
    listing::ListOf,
    problem::Problem,
};

/// List what was and is to be sent to a webhook
///
/// Newest first. Deliveries are kept for 30 days.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "listWebhookDeliveries",
    security(("api_key" = ["webhooks:read"])),
    responses((status = 200, description = "A piece of the list", body = ListOf<DeliveryBody>))
)]
#[get("/webhooks/{id}/deliveries")]
pub(super) async fn list_deliveries(
    caller: Caller<ReadWebhooks>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, window) = request.read(|input| {
        let id = input.id("id", WebhookId::from_uuid);
        let window = input.window();
        Some((id?, window?))
    })?;
    let webhook = find(&api, caller.organization_id(), id).await?;
    let queries = &api.webhooks.queries;
    let deliveries = queries.list_deliveries(webhook.id, window).await?;
    Ok(request.list(window, deliveries, |facts| DeliveryBody::from(&facts)))
}
