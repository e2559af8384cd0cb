//! Users, for reading.

use std::sync::{Arc, LazyLock};

use app::ports::{StorageError, UserQueries};
use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, UserId},
    wallets::{UserFacts, Username},
};

use super::user_row::{COLUMNS, user_from};
use crate::database::Database;

static FIND: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM users WHERE organization_id = $1 AND id = $2"));

static FIND_BY_USERNAME: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {COLUMNS} FROM users WHERE organization_id = $1 AND username_folded = $2")
});

/// Reads users.
pub struct PgUserQueries {
    database: Database,
}

impl PgUserQueries {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl UserQueries for PgUserQueries {
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: UserId,
    ) -> Result<Option<Arc<UserFacts>>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .database
            .query_opt(&FIND, &[&params[0], &params[1]])
            .await?;
        let facts = row.as_ref().map(user_from).transpose()?;
        Ok(facts.map(Arc::new))
    }

    async fn find_by_username(
        &self,
        organization_id: OrganizationId,
        username: &Username,
    ) -> Result<Option<Arc<UserFacts>>, StorageError> {
        let (organization, username) = (organization_id.as_uuid(), username.folded());
        let row = self
            .database
            .query_opt(&FIND_BY_USERNAME, &[&organization, &username])
            .await?;
        let facts = row.as_ref().map(user_from).transpose()?;
        Ok(facts.map(Arc::new))
    }
}
