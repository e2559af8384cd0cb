//! The jobs that issue vouchers in great number.
//!
//! The lock of its row is the lease of a job: it ends with the transaction of a piece, also when its holder dies, and a holder
//! that was stopped until the server gave it up cannot commit.

use std::sync::LazyLock;

use app::ports::{IssueJobQueries, IssueJobs, StorageError};
use async_trait::async_trait;
use domain::{
    ids::{JobId, OrganizationId},
    vouchers::{IssueJob, IssueJobFacts},
};
use tokio_postgres::Row;

use super::issue_job_row::{COLUMNS, columns, job_from};
use crate::{columns::Columns, database::Database, unit_of_work::PgUnitOfWork};

static FIND: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM jobs WHERE organization_id = $1 AND id = $2"));

static TAKE_UP: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM jobs
          WHERE organization_id = $1 AND id = $2 AND finished_at IS NULL FOR UPDATE SKIP LOCKED"
    )
});

/// Those that others are at have been looked at a moment ago as well: whoever takes one up finds it locked.
const NEXT: &str = "
    SELECT organization_id, id FROM jobs
     WHERE finished_at IS NULL AND id <> ALL ($1::uuid[]) ORDER BY updated_at, id LIMIT 1";

const LOCK_QUEUE: &str = "SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 3))";

const COUNT_UNFINISHED: &str =
    "SELECT count(*) AS unfinished FROM jobs WHERE organization_id = $1 AND finished_at IS NULL";

static INSERT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "INSERT INTO jobs ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    )
});

const UPDATE: &str = "
    UPDATE jobs
       SET campaign_id = $3, total = $4, done = $5, max_redemptions = $6, metadata = $7, status = $8, failure = $9,
           finished_at = $10, created_at = $11, updated_at = $12, version = $13
     WHERE organization_id = $1 AND id = $2";

#[async_trait]
impl IssueJobs for PgUnitOfWork {
    async fn count_unfinished(
        &mut self,
        organization_id: OrganizationId,
    ) -> Result<i64, StorageError> {
        let owner = organization_id.as_uuid();
        // It travels with the count behind it, which is made once the lock is there.
        self.defer(LOCK_QUEUE, vec![Box::new(owner)]);
        let row = self.query_opt(COUNT_UNFINISHED, &[&owner]).await?;
        let count = row.map(|row| Columns::of("job", &row).get("unfinished"));
        count.unwrap_or(Ok(0))
    }

    async fn insert(&mut self, job: &IssueJob) -> Result<(), StorageError> {
        self.defer(&INSERT, columns(job.facts()));
        Ok(())
    }

    async fn take_up(
        &mut self,
        organization_id: OrganizationId,
        id: JobId,
    ) -> Result<Option<IssueJob>, StorageError> {
        let (owner, id) = (organization_id.as_uuid(), id.as_uuid());
        let row = self.query_opt(&TAKE_UP, &[&owner, &id]).await?;
        let facts = row.as_ref().map(job_from).transpose()?;
        Ok(facts.map(IssueJob::restore))
    }

    async fn update(&mut self, job: &IssueJob) -> Result<(), StorageError> {
        self.defer(UPDATE, columns(job.facts()));
        Ok(())
    }
}

/// Reads jobs.
pub struct PgIssueJobQueries {
    database: Database,
}

impl PgIssueJobQueries {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl IssueJobQueries for PgIssueJobQueries {
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: JobId,
    ) -> Result<Option<IssueJobFacts>, StorageError> {
        let row = self
            .database
            .query_opt(&FIND, &[&organization_id.as_uuid(), &id.as_uuid()])
            .await?;
        row.as_ref().map(job_from).transpose()
    }

    async fn next(
        &self,
        except: &[JobId],
    ) -> Result<Option<(OrganizationId, JobId)>, StorageError> {
        let except: Vec<_> = except.iter().map(JobId::as_uuid).collect();
        let row = self.database.query_opt(NEXT, &[&except]).await?;
        let name = |row: &Row| {
            let columns = Columns::of("job", row);
            let owner = OrganizationId::from_uuid(columns.get("organization_id")?);
            Ok((owner, JobId::from_uuid(columns.get("id")?)))
        };
        row.as_ref().map(name).transpose()
    }
}
