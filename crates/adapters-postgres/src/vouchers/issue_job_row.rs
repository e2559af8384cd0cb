//! How a row of `jobs` becomes facts, and back.

use app::ports::StorageError;
use domain::{
    ids::{CampaignId, JobId, OrganizationId},
    values::Metadata,
    version::Version,
    vouchers::{Cap, IssueJobFacts, JobFailure, JobStatus, VoucherCount, VoucherTerms},
};
use jiff::Timestamp;
use tokio_postgres::{Row, types::Json};

use super::campaign_row::cap;
use crate::{columns::Columns, error::corrupt, unit_of_work::OwnedParam};

const ENTITY: &str = "job";

pub(super) const COLUMNS: &str = "organization_id, id, campaign_id, total, done, max_redemptions, metadata, status, \
    failure, finished_at, created_at, updated_at, version";

pub(super) fn job_from(row: &Row) -> Result<IssueJobFacts, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let total: i32 = columns.get("total")?;
    let done: i32 = columns.get("done")?;
    Ok(IssueJobFacts {
        id: JobId::from_uuid(columns.get("id")?),
        organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
        campaign_id: CampaignId::from_uuid(columns.get("campaign_id")?),
        count: VoucherCount::new(i64::from(total)).map_err(|why| corrupt(ENTITY, why))?,
        issued: u32::try_from(done).map_err(|why| corrupt(ENTITY, why))?,
        terms: VoucherTerms {
            max_redemptions: cap(columns, "max_redemptions")?,
            metadata: Metadata::restore(columns.json("metadata")?),
        },
        status: status(columns)?,
        created_at: columns.get("created_at")?,
        updated_at: columns.get("updated_at")?,
        version: Version::new(columns.get("version")?),
    })
}

fn status(columns: Columns<'_>) -> Result<JobStatus, StorageError> {
    let word: &str = columns.get("status")?;
    let at: Option<Timestamp> = columns.get("finished_at")?;
    let why = columns.parse_optional("failure", JobFailure::parse)?;
    match (word, at, why) {
        ("queued", None, None) => Ok(JobStatus::Queued),
        ("running", None, None) => Ok(JobStatus::Running),
        ("done", Some(at), None) => Ok(JobStatus::Done { at }),
        ("failed", Some(at), Some(why)) => Ok(JobStatus::Failed { at, why }),
        _ => Err(corrupt(ENTITY, "a state that there is not")),
    }
}

/// The columns in the order of [`COLUMNS`].
pub(super) fn columns(facts: &IssueJobFacts) -> Vec<OwnedParam> {
    // At most 100,000, both of them.
    let number = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
    vec![
        Box::new(facts.organization_id.as_uuid()),
        Box::new(facts.id.as_uuid()),
        Box::new(facts.campaign_id.as_uuid()),
        Box::new(number(facts.count.get())),
        Box::new(number(facts.issued)),
        Box::new(facts.terms.max_redemptions.map(Cap::get)),
        Box::new(Json(facts.terms.metadata.pairs().clone())),
        Box::new(facts.status.code()),
        Box::new(facts.status.failure().map(JobFailure::code)),
        Box::new(facts.status.finished_at()),
        Box::new(facts.created_at),
        Box::new(facts.updated_at),
        Box::new(facts.version.as_i64()),
    ]
}
