//! `POST /api/v1/campaigns/{id}/vouchers`

use actix_web::{post, web};
use api_shared::vouchers::voucher_order;
use app::vouchers::OrderVouchers;
use domain::{ids::CampaignId, vouchers::IssueJobFacts};

use super::{job_body::JobBody, voucher_fields::VoucherOrder};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteVouchers},
    input::Request,
    problem::Problem,
};

/// Have many vouchers issued
///
/// Up to 100,000, with codes that nobody can guess. It goes on in the background: the job tells how far it is, and each voucher
/// has its event. A job ends early when its campaign does.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "createVouchers",
    security(("api_key" = ["vouchers:write"])),
    request_body = VoucherOrder,
    responses((status = 202, description = "The job that issues them", body = JobBody), Refusals)
)]
#[post("/campaigns/{id}/vouchers")]
pub(super) async fn order_vouchers(
    caller: Caller<WriteVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (campaign_id, (count, terms)) = request.read(|input| {
        let id = input.id("id", CampaignId::from_uuid);
        let order = input.body(voucher_order);
        Some((id?, order?))
    })?;
    let command = OrderVouchers {
        caller: caller.acting(),
        campaign_id,
        count,
        terms,
    };
    request.execute(&api.vouchers.order, command, ordered).await
}

fn ordered(facts: &IssueJobFacts) -> Answer {
    let location = format!("/api/v1/jobs/{}", facts.id);
    Answer::accepted(&location, &JobBody::from(facts))
}

crate::openapi::refusals!(Refusals: CAMPAIGN_ENDED, TOO_MANY_JOBS);
