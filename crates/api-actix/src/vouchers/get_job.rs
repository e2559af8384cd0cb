//! `GET /api/v1/jobs/{id}`

use actix_web::{get, web};
use domain::ids::JobId;

use super::job_body::JobBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadVouchers},
    input::Request,
    problem::{Problem, catalogue::NOT_FOUND},
};

/// Get a job
///
/// How far it is, and why it stopped if it did.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "getJob",
    security(("api_key" = ["vouchers:read"])),
    responses((status = 200, description = "The job", body = JobBody))
)]
#[get("/jobs/{id}")]
pub(super) async fn get_job(
    caller: Caller<ReadVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", JobId::from_uuid))?;
    let found = api.vouchers.jobs.find(caller.organization_id(), id).await?;
    let unknown = || Problem::of(&NOT_FOUND).because(format!("there is no job {id}"));
    let facts = found.ok_or_else(unknown)?;
    Ok(Answer::single(facts.version, &JobBody::from(&facts)))
}
