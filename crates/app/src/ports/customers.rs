//! Stored customers.

use async_trait::async_trait;
use domain::{
    customers::{Customer, CustomerFacts},
    ids::{CustomerId, OrganizationId},
    values::{EmailAddress, ExternalId},
};

use super::{StorageError, Written};
use crate::paging::{Listing, Window};

/// The customers, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait CustomerRepository: Send {
    /// Finds one that is not archived.
    async fn find(
        &mut self,
        organization_id: OrganizationId,
        id: CustomerId,
    ) -> Result<Option<CustomerFacts>, StorageError>;

    /// Finds one that is not archived and keeps others from changing it until the transaction ends.
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: CustomerId,
    ) -> Result<Option<Customer>, StorageError>;

    /// Stores a new one, unless its external id is another's.
    async fn insert(&mut self, customer: &Customer) -> Result<Written, StorageError>;

    /// Stores what changed in a loaded one, unless its external id is another's.
    async fn update(&mut self, customer: &Customer) -> Result<Written, StorageError>;
}

/// Which customers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// With exactly this address, whatever the case of its letters.
    pub email: Option<EmailAddress>,
    /// With exactly this external id.
    pub external_id: Option<ExternalId>,
    /// Whose name contains this, whatever the case of its letters.
    pub name_contains: Option<String>,
}

/// The customers, for reading.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait CustomerQueries: Send + Sync {
    /// Finds one, archived or not.
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: CustomerId,
    ) -> Result<Option<CustomerFacts>, StorageError>;

    /// Those that are not archived, newest first.
    async fn list(
        &self,
        organization_id: OrganizationId,
        filter: &CustomerFilter,
        window: Window,
    ) -> Result<Listing<CustomerFacts>, StorageError>;
}
