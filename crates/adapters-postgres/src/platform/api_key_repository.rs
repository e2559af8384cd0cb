//! The API keys of a transaction.

use std::sync::LazyLock;

use app::ports::{ApiKeyRepository, StorageError};
use async_trait::async_trait;
use domain::{
    ids::{ApiKeyId, OrganizationId},
    platform::{ApiKey, Scope},
};

use super::api_key_row::{COLUMNS, api_key_from};
use crate::unit_of_work::PgUnitOfWork;

static FIND_FOR_UPDATE: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {COLUMNS} FROM api_keys WHERE organization_id = $1 AND id = $2 FOR UPDATE")
});

const INSERT: &str = "
    INSERT INTO api_keys (id, organization_id, name, scopes, shown_prefix, hash, created_at, expires_at, revoked_at,
                          version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

const UPDATE: &str = "UPDATE api_keys SET revoked_at = $2, version = $3 WHERE id = $1";

#[async_trait]
impl ApiKeyRepository for PgUnitOfWork {
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: ApiKeyId,
    ) -> Result<Option<ApiKey>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .query_opt(&FIND_FOR_UPDATE, &[&params[0], &params[1]])
            .await?;
        let facts = row.as_ref().map(api_key_from).transpose()?;
        Ok(facts.map(ApiKey::restore))
    }

    async fn insert(&mut self, key: &ApiKey) -> Result<(), StorageError> {
        let facts = key.facts();
        let scopes: Vec<String> = facts
            .scopes
            .iter()
            .map(|scope: Scope| scope.to_string())
            .collect();
        self.defer(
            INSERT,
            vec![
                Box::new(facts.id.as_uuid()),
                Box::new(facts.organization_id.as_uuid()),
                Box::new(facts.name.as_str().to_owned()),
                Box::new(scopes),
                Box::new(facts.shown_prefix.clone()),
                Box::new(facts.hash.0.to_vec()),
                Box::new(facts.created_at),
                Box::new(facts.expires_at),
                Box::new(facts.revoked_at),
                Box::new(facts.version.as_i64()),
            ],
        );
        Ok(())
    }

    async fn update(&mut self, key: &ApiKey) -> Result<(), StorageError> {
        let facts = key.facts();
        let (id, version) = (facts.id.as_uuid(), facts.version.as_i64());
        self.defer(
            UPDATE,
            vec![Box::new(id), Box::new(facts.revoked_at), Box::new(version)],
        );
        Ok(())
    }
}
