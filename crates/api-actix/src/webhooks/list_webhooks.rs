//! `GET /api/v1/webhooks`

use actix_web::{get, web};

use super::webhook_body::WebhookBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadWebhooks},
    input::Request,
    listing::ListOf,
    problem::Problem,
};

/// List the webhooks
///
/// Newest first.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "listWebhooks",
    security(("api_key" = ["webhooks:read"])),
    responses((status = 200, description = "A piece of the list", body = ListOf<WebhookBody>))
)]
#[get("/webhooks")]
pub(super) async fn list_webhooks(
    caller: Caller<ReadWebhooks>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let window = request.read_window()?;
    let webhooks = api
        .webhooks
        .queries
        .list(caller.organization_id(), window)
        .await?;
    Ok(request.list(window, webhooks, |facts| WebhookBody::from(&facts)))
}
