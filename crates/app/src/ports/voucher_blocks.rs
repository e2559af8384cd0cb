//! Who may not redeem vouchers.

use async_trait::async_trait;
use domain::{
    ids::{CustomerId, OrganizationId, VoucherBlockId},
    values::EmailAddress,
    vouchers::{BlockFacts, VoucherBlock},
};

use super::StorageError;
use crate::paging::{Listing, Window};

/// Which blocks are to be lifted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockChoice {
    /// Those of these names.
    Names(Vec<String>),
    /// This one.
    Id(VoucherBlockId),
}

/// The blocklist, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait VoucherBlocklist: Send {
    /// Stores a block, and gives it; or the one that is there already if its name is blocked.
    async fn block(&mut self, block: &VoucherBlock) -> Result<BlockFacts, StorageError>;

    /// Takes blocks off, and gives them.
    async fn unblock(
        &mut self,
        organization_id: OrganizationId,
        choice: BlockChoice,
    ) -> Result<Vec<VoucherBlock>, StorageError>;
}

/// Which blocks. What is `None` does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlockFilter {
    /// Of this customer.
    pub customer_id: Option<CustomerId>,
    /// Of this address.
    pub email: Option<EmailAddress>,
}

/// The blocklist, for reading.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait VoucherBlockQueries: Send + Sync {
    /// Finds a block.
    async fn find_block(
        &self,
        organization_id: OrganizationId,
        id: VoucherBlockId,
    ) -> Result<Option<BlockFacts>, StorageError>;

    /// Lists blocks, newest first.
    async fn list_blocks(
        &self,
        organization_id: OrganizationId,
        filter: &BlockFilter,
        window: Window,
    ) -> Result<Listing<BlockFacts>, StorageError>;
}
