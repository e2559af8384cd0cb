//! Jobs on the wire.

use std::collections::BTreeMap;

use app::{
    vouchers::{JobErrorView, JobView},
    wire,
};
use domain::vouchers::IssueJobFacts;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schemas;

/// A job: work that goes on in the background.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Job, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f27",
    "kind": "issue_vouchers",
    "status": "running",
    "campaign_id": "01936f8a-4444-7c3d-9a4f-2b6c8d0e1f23",
    "max_redemptions": 1,
    "metadata": {},
    "total": 100_000,
    "done": 42_000,
    "error": null,
    "created_at": "2026-05-20T13:02:11.123456Z",
    "updated_at": "2026-05-20T13:02:13.123456Z",
    "finished_at": null,
    "version": 43,
}))]
pub(super) struct JobBody {
    /// Which one.
    id: Uuid,
    /// What it does.
    #[schema(value_type = schemas::JobKindName)]
    kind: &'static str,
    /// Where it stands.
    #[schema(value_type = schemas::JobStatusName)]
    status: &'static str,
    /// Of which campaign the vouchers are.
    campaign_id: Uuid,
    /// How often each voucher can be redeemed, if not as often as their campaign says.
    #[schema(value_type = Option<schemas::CapNumber>)]
    max_redemptions: Option<i64>,
    /// Your own notes on each of them.
    #[schema(value_type = schemas::Metadata)]
    metadata: BTreeMap<String, String>,
    /// How much there is to do.
    #[schema(value_type = schemas::VoucherCountNumber)]
    total: u32,
    /// How much of it is done.
    #[schema(minimum = 0, maximum = 100_000)]
    done: u32,
    /// Why no more of it will be done.
    error: Option<JobErrorBody>,
    /// Since when it is there.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    created_at: Timestamp,
    /// When it last changed.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    updated_at: Timestamp,
    /// When it came to its end.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    finished_at: Option<Timestamp>,
    /// How often it changed.
    #[schema(value_type = schemas::VersionNumber)]
    version: i64,
}

/// Why a job has failed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobError, example = json!({
    "code": "campaign_ended",
    "message": "the campaign ended before all vouchers were issued",
}))]
struct JobErrorBody {
    /// For programs.
    #[schema(value_type = schemas::JobFailureName)]
    code: &'static str,
    /// For people.
    message: String,
}

impl From<JobErrorView> for JobErrorBody {
    fn from(view: JobErrorView) -> Self {
        Self {
            code: view.code,
            message: view.message,
        }
    }
}

impl From<&IssueJobFacts> for JobBody {
    fn from(facts: &IssueJobFacts) -> Self {
        let view = JobView::from(facts);
        Self {
            id: view.id,
            kind: view.kind,
            status: view.status,
            campaign_id: view.campaign_id,
            max_redemptions: view.max_redemptions,
            metadata: view.metadata,
            total: view.total,
            done: view.done,
            error: view.error.map(JobErrorBody::from),
            created_at: view.created_at,
            updated_at: view.updated_at,
            finished_at: view.finished_at,
            version: view.version,
        }
    }
}
