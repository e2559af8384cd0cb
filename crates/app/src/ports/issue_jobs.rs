//! Stored jobs that issue vouchers in great number.

use async_trait::async_trait;
use domain::{
    ids::{JobId, OrganizationId},
    vouchers::{IssueJob, IssueJobFacts},
};

use super::StorageError;

/// Jobs, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait IssueJobs: Send {
    /// How many of an organization are not finished. MUST keep others from ordering for it until the transaction ends.
    async fn count_unfinished(
        &mut self,
        organization_id: OrganizationId,
    ) -> Result<i64, StorageError>;

    /// Stores a new one.
    async fn insert(&mut self, job: &IssueJob) -> Result<(), StorageError>;

    /// Finds an unfinished one, unless somebody is at it. MUST keep everybody else from it until the transaction ends,
    /// whichever way that is, and MUST NOT wait for whoever is at it.
    async fn take_up(
        &mut self,
        organization_id: OrganizationId,
        id: JobId,
    ) -> Result<Option<IssueJob>, StorageError>;

    /// Stores what changed in a loaded one.
    async fn update(&mut self, job: &IssueJob) -> Result<(), StorageError>;
}

/// Jobs, for reading.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait IssueJobQueries: Send + Sync {
    /// Finds one.
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: JobId,
    ) -> Result<Option<IssueJobFacts>, StorageError>;

    /// The unfinished one, of all organizations, that has waited longest, but for these.
    async fn next(&self, except: &[JobId])
    -> Result<Option<(OrganizationId, JobId)>, StorageError>;
}
