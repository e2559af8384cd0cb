//! `GET /api/v1/campaigns`

use actix_web::{get, web};
use api_shared::vouchers::campaign_filter;

use super::campaign_body::CampaignBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadVouchers},
    input::Request,
    listing::ListOf,
    problem::Problem,
    schemas,
};

/// List the campaigns
///
/// Newest first.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "listCampaigns",
    security(("api_key" = ["vouchers:read"])),
    params(("status" = Option<schemas::CampaignStatusName>, Query, description = "That stand there")),
    responses((status = 200, description = "A piece of the list", body = ListOf<CampaignBody>))
)]
#[get("/campaigns")]
pub(super) async fn list_campaigns(
    caller: Caller<ReadVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (filter, window) =
        request.read(|input| input.query(|query| query.list(campaign_filter)))?;
    let queries = &api.vouchers.queries;
    let campaigns = queries.list_campaigns(caller.organization_id(), &filter, window);
    Ok(request.list(window, campaigns.await?, |facts| CampaignBody::from(&facts)))
}
