//! Stored refunds.

use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, RefundId},
    payments::Refund,
    version::Version,
};

use super::{Saved, StorageError};

/// The refunds, as seen from inside one transaction. Whoever changes one MUST have locked its payment before.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait RefundRepository: Send {
    /// Finds one and keeps others from changing it until the transaction ends.
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: RefundId,
    ) -> Result<Option<Refund>, StorageError>;

    /// Stores a new one. MUST fail if all refunds of its payment that have not failed come to more than the payment.
    async fn insert(&mut self, refund: &Refund) -> Result<(), StorageError>;

    /// Stores how one is now, if it is still stored as of version `before`: MUST store nothing otherwise.
    async fn save(&mut self, refund: &Refund, before: Version) -> Result<Saved, StorageError>;
}
