//! Stored organizations.

use async_trait::async_trait;
use domain::{
    ids::OrganizationId,
    platform::{Organization, OrganizationFacts},
};

use super::StorageError;

/// The organizations, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait OrganizationRepository: Send {
    /// Finds one, as it was last committed.
    async fn find(&mut self, id: OrganizationId)
    -> Result<Option<OrganizationFacts>, StorageError>;

    /// Finds one and keeps others from changing it until the transaction ends.
    async fn find_for_update(
        &mut self,
        id: OrganizationId,
    ) -> Result<Option<Organization>, StorageError>;

    /// Stores a new one.
    async fn insert(&mut self, organization: &Organization) -> Result<(), StorageError>;

    /// Stores what changed in a loaded one.
    async fn update(&mut self, organization: &Organization) -> Result<(), StorageError>;
}

/// The organizations, for reading.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait OrganizationQueries: Send + Sync {
    /// Finds one.
    async fn find(&self, id: OrganizationId) -> Result<Option<OrganizationFacts>, StorageError>;

    /// All of them, oldest first. For the command line.
    async fn list(&self) -> Result<Vec<OrganizationFacts>, StorageError>;
}
