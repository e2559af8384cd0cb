//! `GET /api/v1/webhooks/{id}`

use actix_web::{get, web};
use domain::{
    ids::{OrganizationId, WebhookId},
    webhooks::WebhookFacts,
};

use super::webhook_body::WebhookBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadWebhooks},
    input::Request,
    problem::{Problem, catalogue::NOT_FOUND},
};

/// Get a webhook
#[utoipa::path(
    tag = "webhooks",
    operation_id = "getWebhook",
    security(("api_key" = ["webhooks:read"])),
    responses((status = 200, description = "The webhook", body = WebhookBody))
)]
#[get("/webhooks/{id}")]
pub(super) async fn get_webhook(
    caller: Caller<ReadWebhooks>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", WebhookId::from_uuid))?;
    let facts = find(&api, caller.organization_id(), id).await?;
    Ok(Answer::single(facts.version, &WebhookBody::from(&facts)))
}

/// Finds one, or says that there is none.
pub(super) async fn find(
    api: &Api,
    organization_id: OrganizationId,
    id: WebhookId,
) -> Result<WebhookFacts, Problem> {
    let found = api.webhooks.queries.find(organization_id, id).await?;
    let unknown = || Problem::of(&NOT_FOUND).because(format!("there is no webhook {id}"));
    found.ok_or_else(unknown)
}
