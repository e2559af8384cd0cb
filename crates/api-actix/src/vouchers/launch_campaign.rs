//! `POST /api/v1/campaigns`

use actix_web::{post, web};
use api_shared::vouchers::new_campaign;
use app::vouchers::LaunchCampaign;
use domain::vouchers::CampaignFacts;

use super::{campaign_body::CampaignBody, campaign_fields::NewCampaign};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteVouchers},
    input::Request,
    problem::Problem,
};

/// Launch a campaign
#[utoipa::path(
    tag = "vouchers",
    operation_id = "createCampaign",
    security(("api_key" = ["vouchers:write"])),
    request_body = NewCampaign,
    responses((status = 201, description = "The campaign", body = CampaignBody))
)]
#[post("/campaigns")]
pub(super) async fn launch_campaign(
    caller: Caller<WriteVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let terms = request.read(|input| input.body(new_campaign))?;
    let command = LaunchCampaign {
        caller: caller.acting(),
        terms,
    };
    request
        .execute(&api.vouchers.launch, command, launched)
        .await
}

fn launched(facts: &CampaignFacts) -> Answer {
    let location = format!("/api/v1/campaigns/{}", facts.id);
    Answer::created(&location, facts.version, &CampaignBody::from(facts))
}
