//! API keys, for reading.

use std::sync::{Arc, LazyLock};

use app::{
    paging::{Listing, Position, Window},
    ports::{ApiKeyQueries, StorageError},
};
use async_trait::async_trait;
use domain::{
    ids::{ApiKeyId, OrganizationId},
    platform::{ApiKeyFacts, KeyHash},
};

use super::api_key_row::{COLUMNS, api_key_from};
use crate::{
    database::Database,
    listing::{Bounds, collect, counted_max, total_of},
};

static FIND_BY_HASH: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM api_keys WHERE hash = $1"));

static FIND: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {COLUMNS} FROM api_keys WHERE organization_id = $1 AND id = $2")
});

static LIST: LazyLock<String> = LazyLock::new(|| {
    format!(
        "
    SELECT {COLUMNS} FROM api_keys
     WHERE organization_id = $1 AND revoked_at IS NULL
       AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3))
     ORDER BY created_at DESC, id DESC
    OFFSET $4 LIMIT $5"
    )
});

const COUNT: &str = "
    SELECT count(*) FROM (
        SELECT FROM api_keys WHERE organization_id = $1 AND revoked_at IS NULL LIMIT $2) AS counted";

/// Reads API keys.
pub struct PgApiKeyQueries {
    database: Database,
}

impl PgApiKeyQueries {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl ApiKeyQueries for PgApiKeyQueries {
    async fn find_by_hash(&self, hash: KeyHash) -> Result<Option<Arc<ApiKeyFacts>>, StorageError> {
        let row = self
            .database
            .query_opt(&FIND_BY_HASH, &[&hash.0.as_slice()])
            .await?;
        let facts = row.as_ref().map(api_key_from).transpose()?;
        Ok(facts.map(Arc::new))
    }

    async fn find(
        &self,
        organization_id: OrganizationId,
        id: ApiKeyId,
    ) -> Result<Option<ApiKeyFacts>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .database
            .query_opt(&FIND, &[&params[0], &params[1]])
            .await?;
        row.as_ref().map(api_key_from).transpose()
    }

    async fn list(
        &self,
        organization_id: OrganizationId,
        window: Window,
    ) -> Result<Listing<ApiKeyFacts>, StorageError> {
        let (organization, bounds) = (organization_id.as_uuid(), Bounds::of(window));
        let (created_at, id) = (bounds.before_created_at(), bounds.before_id());
        let fetched = bounds.fetched();
        let rows = self
            .database
            .query(
                &LIST,
                &[&organization, &created_at, &id, &bounds.offset, &fetched],
            )
            .await?;
        let total = if bounds.is_counted {
            let row = self
                .database
                .query_opt(COUNT, &[&organization, &counted_max()])
                .await?;
            row.map(|row| total_of(row.get(0)))
        } else {
            None
        };
        let position_of = |key: &ApiKeyFacts| Position {
            created_at: key.created_at,
            id: key.id.as_uuid(),
        };
        Ok(bounds.listing(collect(&rows, api_key_from)?, position_of, total))
    }
}
