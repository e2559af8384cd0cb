//! The rpcs of campaigns.

use api_shared::{
    problem::{Refusal, catalogue::NOT_FOUND},
    vouchers::{campaign_filter, campaign_revision, new_campaign},
};
use app::vouchers::{LaunchCampaign, ReviseCampaign};
use domain::{ids::CampaignId, vouchers::CampaignFacts};

use super::shown::{campaign, stats};
use crate::{
    call::{Call, Denied, Reply},
    input::expecting,
    proto::v1::{
        CreateCampaignRequest, CreateCampaignResponse, GetCampaignRequest, GetCampaignResponse,
        GetCampaignStatsRequest, GetCampaignStatsResponse, ListCampaignsRequest,
        ListCampaignsResponse, UpdateCampaignRequest, UpdateCampaignResponse,
    },
};

pub(super) async fn create_campaign(
    call: Call<CreateCampaignRequest>,
) -> Result<Reply<CreateCampaignResponse>, Denied> {
    let terms = call.read(|input| input.body(new_campaign))?;
    let command = LaunchCampaign {
        caller: call.acting(),
        terms,
    };
    let show = |facts: &CampaignFacts| CreateCampaignResponse {
        campaign: Some(campaign(facts)),
    };
    call.execute(&call.api.vouchers.launch, command, show).await
}

pub(super) async fn get_campaign(
    call: Call<GetCampaignRequest>,
) -> Result<Reply<GetCampaignResponse>, Denied> {
    let id = call.read(|input| input.id("id", &call.message.id, CampaignId::from_uuid))?;
    let queries = &call.api.vouchers.queries;
    let found = queries.find_campaign(call.organization_id(), id).await?;
    let unknown = || Refusal::of(&NOT_FOUND).because(format!("there is no campaign {id}"));
    Ok(Reply::fresh(GetCampaignResponse {
        campaign: Some(campaign(&found.ok_or_else(unknown)?)),
    }))
}

pub(super) async fn get_campaign_stats(
    call: Call<GetCampaignStatsRequest>,
) -> Result<Reply<GetCampaignStatsResponse>, Denied> {
    let id = call.read(|input| input.id("id", &call.message.id, CampaignId::from_uuid))?;
    let vouchers = &call.api.vouchers;
    let told = vouchers.stats_of(call.organization_id(), id).await?;
    Ok(Reply::fresh(GetCampaignStatsResponse {
        stats: Some(stats(&told)),
    }))
}

pub(super) async fn list_campaigns(
    call: Call<ListCampaignsRequest>,
) -> Result<Reply<ListCampaignsResponse>, Denied> {
    let (filter, window) = call.read(|input| input.query(|query| query.list(campaign_filter)))?;
    let queries = &call.api.vouchers.queries;
    let listing = queries
        .list_campaigns(call.organization_id(), &filter, window)
        .await?;
    Ok(Reply::fresh(ListCampaignsResponse {
        campaigns: listing.rows.iter().map(campaign).collect(),
        next_cursor: call.next_cursor(listing.next),
    }))
}

pub(super) async fn update_campaign(
    call: Call<UpdateCampaignRequest>,
) -> Result<Reply<UpdateCampaignResponse>, Denied> {
    let (id, revision) = call.read(|input| {
        let id = input.id("id", &call.message.id, CampaignId::from_uuid);
        let revision = input.body(campaign_revision);
        Some((id?, revision?))
    })?;
    let command = ReviseCampaign {
        caller: call.acting(),
        id,
        precondition: expecting(call.message.expected_version),
        revision,
    };
    let show = |facts: &CampaignFacts| UpdateCampaignResponse {
        campaign: Some(campaign(facts)),
    };
    let handler = &call.api.vouchers.revise_campaign;
    call.execute(handler, command, show).await
}
