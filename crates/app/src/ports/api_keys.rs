//! Stored API keys.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    ids::{ApiKeyId, OrganizationId},
    platform::{ApiKey, ApiKeyFacts, KeyHash},
};

use super::StorageError;
use crate::paging::{Listing, Window};

/// The keys, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait ApiKeyRepository: Send {
    /// Finds a key of an organization and keeps others from changing it until the transaction ends.
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: ApiKeyId,
    ) -> Result<Option<ApiKey>, StorageError>;

    /// Stores a new one.
    async fn insert(&mut self, key: &ApiKey) -> Result<(), StorageError>;

    /// Stores what changed in a loaded one.
    async fn update(&mut self, key: &ApiKey) -> Result<(), StorageError>;
}

/// The keys, for reading.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait ApiKeyQueries: Send + Sync {
    /// Finds the key with this hash, whatever its organization. A revoked or expired one is found too. A decorator may
    /// answer from memory what was true at most 5 seconds ago.
    async fn find_by_hash(&self, hash: KeyHash) -> Result<Option<Arc<ApiKeyFacts>>, StorageError>;

    /// Finds a key of an organization.
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: ApiKeyId,
    ) -> Result<Option<ApiKeyFacts>, StorageError>;

    /// The keys of an organization that are not revoked, newest first.
    async fn list(
        &self,
        organization_id: OrganizationId,
        window: Window,
    ) -> Result<Listing<ApiKeyFacts>, StorageError>;
}
