//! The rpcs of vouchers in great number.

use api_shared::{
    problem::{Refusal, catalogue::NOT_FOUND},
    vouchers::voucher_order,
};
use app::vouchers::OrderVouchers;
use domain::{
    ids::{CampaignId, JobId},
    vouchers::IssueJobFacts,
};

use super::shown::job;
use crate::{
    call::{Call, Denied, Reply},
    proto::v1::{CreateVouchersRequest, CreateVouchersResponse, GetJobRequest, GetJobResponse},
};

pub(super) async fn create_vouchers(
    call: Call<CreateVouchersRequest>,
) -> Result<Reply<CreateVouchersResponse>, Denied> {
    let (campaign_id, (count, terms)) = call.read(|input| {
        // REST has it as the `id` in its path.
        let id = input.id("id", &call.message.campaign_id, CampaignId::from_uuid);
        let order = input.body(voucher_order);
        Some((id?, order?))
    })?;
    let command = OrderVouchers {
        caller: call.acting(),
        campaign_id,
        count,
        terms,
    };
    let show = |facts: &IssueJobFacts| CreateVouchersResponse {
        job: Some(job(facts)),
    };
    call.execute(&call.api.vouchers.order, command, show).await
}

pub(super) async fn get_job(call: Call<GetJobRequest>) -> Result<Reply<GetJobResponse>, Denied> {
    let id = call.read(|input| input.id("id", &call.message.id, JobId::from_uuid))?;
    let jobs = &call.api.vouchers.jobs;
    let found = jobs.find(call.organization_id(), id).await?;
    let unknown = || Refusal::of(&NOT_FOUND).because(format!("there is no job {id}"));
    Ok(Reply::fresh(GetJobResponse {
        job: Some(job(&found.ok_or_else(unknown)?)),
    }))
}
