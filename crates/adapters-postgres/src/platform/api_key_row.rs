//! How a row of `api_keys` becomes facts.

use app::ports::StorageError;
use domain::{
    ids::{ApiKeyId, OrganizationId},
    platform::{ApiKeyFacts, KeyHash, KeyName, Scope, Scopes},
    version::Version,
};
use tokio_postgres::Row;

use crate::{columns::Columns, error::corrupt};

const ENTITY: &str = "API key";

/// Named one by one, so that a prepared statement outlives a migration that adds one.
pub(super) const COLUMNS: &str = "id, organization_id, name, scopes, shown_prefix, hash, created_at, expires_at, \
    revoked_at, version";

pub(super) fn api_key_from(row: &Row) -> Result<ApiKeyFacts, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let scopes: Vec<String> = columns.get("scopes")?;
    let scopes: Result<Vec<Scope>, _> = scopes.iter().map(|raw| Scope::parse(raw)).collect();
    let hash: Vec<u8> = columns.get("hash")?;
    let hash = hash
        .try_into()
        .map_err(|_| corrupt(ENTITY, "the hash is not of 32 bytes"))?;
    Ok(ApiKeyFacts {
        id: ApiKeyId::from_uuid(columns.get("id")?),
        organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
        name: columns.parse("name", KeyName::parse)?,
        scopes: scopes
            .and_then(Scopes::new)
            .map_err(|why| corrupt(ENTITY, why))?,
        shown_prefix: columns.get("shown_prefix")?,
        hash: KeyHash(hash),
        created_at: columns.get("created_at")?,
        expires_at: columns.get("expires_at")?,
        revoked_at: columns.get("revoked_at")?,
        version: Version::new(columns.get("version")?),
    })
}
