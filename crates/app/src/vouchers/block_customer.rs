//! Putting a customer on the blocklist.

use std::sync::Arc;

use domain::{
    ids::VoucherBlockId,
    values::Metadata,
    vouchers::{BlockFacts, Blocked, VoucherBlock},
};

use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Let this customer redeem nothing more. What was redeemed stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockCustomer {
    /// For whom.
    pub caller: Caller,
    /// The customer, or the address.
    pub who: Blocked,
    /// The client's own notes.
    pub metadata: Metadata,
}

/// Somebody who is blocked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockedCustomer {
    /// The block.
    pub block: BlockFacts,
    /// Whether that is what the command has made, and not what was there already.
    pub is_new: bool,
}

/// Blocks customers. One who is blocked already stays so, and nothing is told of it.
pub struct BlockCustomerHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl BlockCustomerHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<BlockCustomer> for BlockCustomerHandler {
    type Output = BlockedCustomer;
    type Error = StorageError;

    const NAME: &'static str = "block_customer";

    async fn handle(
        &self,
        command: &BlockCustomer,
        uow: &mut dyn UnitOfWork,
    ) -> Result<BlockedCustomer, StorageError> {
        let id = VoucherBlockId::from_uuid(self.ids.new_id());
        let owner = command.caller.organization_id;
        let what = (&command.who, command.metadata.clone());
        let mut wanted = VoucherBlock::block(id, owner, what, self.clock.now());
        let block = uow.voucher_blocklist().block(&wanted).await?;
        let is_new = block.id == id;
        if is_new {
            let recorder = Recorder::new(&command.caller, self.ids.as_ref());
            recorder.record(&mut wanted, uow).await?;
        }
        Ok(BlockedCustomer { block, is_new })
    }
}

#[cfg(test)]
mod tests;
