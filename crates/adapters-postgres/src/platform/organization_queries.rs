//! Organizations, for reading.

use std::sync::LazyLock;

use app::ports::{OrganizationQueries, StorageError};
use async_trait::async_trait;
use domain::{ids::OrganizationId, platform::OrganizationFacts};

use super::organization_row::{COLUMNS, organization_from};
use crate::{database::Database, listing::collect};

static FIND: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM organizations WHERE id = $1"));

static LIST: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM organizations ORDER BY created_at, id"));

/// Reads organizations.
pub struct PgOrganizationQueries {
    database: Database,
}

impl PgOrganizationQueries {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl OrganizationQueries for PgOrganizationQueries {
    async fn find(&self, id: OrganizationId) -> Result<Option<OrganizationFacts>, StorageError> {
        let row = self.database.query_opt(&FIND, &[&id.as_uuid()]).await?;
        row.as_ref().map(organization_from).transpose()
    }

    async fn list(&self) -> Result<Vec<OrganizationFacts>, StorageError> {
        let rows = self.database.query(&LIST, &[]).await?;
        collect(&rows, organization_from)
    }
}
