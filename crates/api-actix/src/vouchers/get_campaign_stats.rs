//! `GET /api/v1/campaigns/{id}/stats`

use actix_web::{get, web};
use domain::ids::CampaignId;

use super::stats_body::StatsBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadVouchers},
    input::Request,
    problem::Problem,
};

/// Tell how a campaign does
///
/// Told from the events of its vouchers, and therefore a moment behind what was just redeemed.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "getCampaignStats",
    security(("api_key" = ["vouchers:read"])),
    responses((status = 200, description = "How it does", body = StatsBody))
)]
#[get("/campaigns/{id}/stats")]
pub(super) async fn get_campaign_stats(
    caller: Caller<ReadVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", CampaignId::from_uuid))?;
    let stats = api.vouchers.stats_of(caller.organization_id(), id).await?;
    Ok(Answer::ok(&StatsBody::from(&stats)))
}
