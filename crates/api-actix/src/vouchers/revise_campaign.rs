//! `PATCH /api/v1/campaigns/{id}`

use actix_web::{patch, web};
use api_shared::vouchers::campaign_revision;
use app::vouchers::ReviseCampaign;
use domain::{ids::CampaignId, vouchers::CampaignFacts};

use super::{campaign_body::CampaignBody, campaign_fields::ChangedCampaign};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteVouchers},
    input::Request,
    problem::Problem,
};

/// Change a campaign
///
/// Once it is answered, no voucher is redeemed by the old terms. A limit that is new counts what was redeemed before.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "updateCampaign",
    security(("api_key" = ["vouchers:write"])),
    request_body = ChangedCampaign,
    responses((status = 200, description = "The campaign as it is now", body = CampaignBody), Refusals)
)]
#[patch("/campaigns/{id}")]
pub(super) async fn revise_campaign(
    caller: Caller<WriteVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, precondition, revision) = request.read(|input| {
        let id = input.id("id", CampaignId::from_uuid);
        let precondition = input.if_match();
        let revision = input.body(campaign_revision);
        Some((id?, precondition?, revision?))
    })?;
    let command = ReviseCampaign {
        caller: caller.acting(),
        id,
        precondition,
        revision,
    };
    let show = |facts: &CampaignFacts| Answer::single(facts.version, &CampaignBody::from(facts));
    request
        .execute(&api.vouchers.revise_campaign, command, show)
        .await
}

crate::openapi::refusals!(Refusals: CAMPAIGN_ENDED);
