//! How a row of `api_keys` becomes facts.

use app::ports::StorageError;
use domain::{
    ids::{ApiKeyId, OrganizationId},
    platform::{ApiKeyFacts, KeyHash, KeyName, Scope, Scopes},
    version::Version,
};
use tokio_postgres::Row;

use crate::{error::corrupt, values::corrupt_value};

const ENTITY: &str = "API key";

pub(super) fn api_key_from(row: &Row) -> Result<ApiKeyFacts, StorageError> {
    let invalid = |why| corrupt_value(ENTITY, why);
    let scopes: Vec<String> = row.get("scopes");
    let scopes: Result<Vec<Scope>, _> = scopes.iter().map(|raw| Scope::parse(raw)).collect();
    let hash: Vec<u8> = row.get("hash");
    let hash = hash
        .try_into()
        .map_err(|_| corrupt(ENTITY, "the hash is not of 32 bytes"))?;
    Ok(ApiKeyFacts {
        id: ApiKeyId::from_uuid(row.get("id")),
        organization_id: OrganizationId::from_uuid(row.get("organization_id")),
        name: KeyName::parse(row.get("name")).map_err(invalid)?,
        scopes: scopes.and_then(Scopes::new).map_err(invalid)?,
        shown_prefix: row.get("shown_prefix"),
        hash: KeyHash(hash),
        created_at: row.get("created_at"),
        expires_at: row.get("expires_at"),
        revoked_at: row.get("revoked_at"),
        version: Version::new(row.get("version")),
    })
}
