//! Jobs as they are shown.

use std::collections::BTreeMap;

use domain::vouchers::{Cap, IssueJobFacts, JobFailure};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::wire;

/// What jobs of this kind are called.
pub const ISSUE_VOUCHERS: &str = "issue_vouchers";

/// A job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JobView {
    /// Which one.
    pub id: Uuid,
    /// What it does.
    pub kind: &'static str,
    /// Where it stands.
    pub status: &'static str,
    /// Of which campaign the vouchers are.
    pub campaign_id: Uuid,
    /// How often each voucher can be redeemed, if not as often as their campaign says.
    pub max_redemptions: Option<i64>,
    /// The client's own notes on each of them.
    pub metadata: BTreeMap<String, String>,
    /// How much there is to do.
    pub total: u32,
    /// How much of it is done.
    pub done: u32,
    /// Why no more of it will be done.
    pub error: Option<JobErrorView>,
    /// Since when it is there.
    #[serde(with = "wire::instant")]
    pub created_at: Timestamp,
    /// When it last changed.
    #[serde(with = "wire::instant")]
    pub updated_at: Timestamp,
    /// When it came to its end.
    #[serde(with = "wire::optional_instant")]
    pub finished_at: Option<Timestamp>,
    /// How often it changed.
    pub version: i64,
}

/// Why a job has failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JobErrorView {
    /// For programs.
    pub code: &'static str,
    /// For people.
    pub message: String,
}

impl From<JobFailure> for JobErrorView {
    fn from(why: JobFailure) -> Self {
        Self {
            code: why.code(),
            message: why.to_string(),
        }
    }
}

impl From<&IssueJobFacts> for JobView {
    fn from(facts: &IssueJobFacts) -> Self {
        Self {
            id: facts.id.as_uuid(),
            kind: ISSUE_VOUCHERS,
            status: facts.status.code(),
            campaign_id: facts.campaign_id.as_uuid(),
            max_redemptions: facts.terms.max_redemptions.map(Cap::get),
            metadata: facts.terms.metadata.pairs().clone(),
            total: facts.count.get(),
            done: facts.issued,
            error: facts.status.failure().map(JobErrorView::from),
            created_at: facts.created_at,
            updated_at: facts.updated_at,
            finished_at: facts.status.finished_at(),
            version: facts.version.as_i64(),
        }
    }
}
