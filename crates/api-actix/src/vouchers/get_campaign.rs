//! `GET /api/v1/campaigns/{id}`

use actix_web::{get, web};
use domain::ids::CampaignId;

use super::campaign_body::CampaignBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadVouchers},
    input::Request,
    problem::{Problem, catalogue::NOT_FOUND},
};

/// Get a campaign
#[utoipa::path(
    tag = "vouchers",
    operation_id = "getCampaign",
    security(("api_key" = ["vouchers:read"])),
    responses((status = 200, description = "The campaign", body = CampaignBody))
)]
#[get("/campaigns/{id}")]
pub(super) async fn get_campaign(
    caller: Caller<ReadVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", CampaignId::from_uuid))?;
    let queries = &api.vouchers.queries;
    let found = queries.find_campaign(caller.organization_id(), id).await?;
    let unknown = || Problem::of(&NOT_FOUND).because(format!("there is no campaign {id}"));
    let facts = found.ok_or_else(unknown)?;
    Ok(Answer::single(facts.version, &CampaignBody::from(&facts)))
}
