//! Taking a customer off the blocklist.

use std::sync::Arc;

use domain::vouchers::Holder;

use crate::{
    events::Recorder,
    platform::Caller,
    ports::{BlockChoice, Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Let this customer redeem again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnblockCustomer {
    /// For whom.
    pub caller: Caller,
    /// The customer, the address, or both.
    pub holder: Holder,
}

/// Why nobody was unblocked.
#[derive(Debug, thiserror::Error)]
pub enum UnblockCustomerError {
    /// They were not on the list.
    #[error("the customer is not on the blocklist")]
    NotBlocked,
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Unblocks customers.
pub struct UnblockCustomerHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl UnblockCustomerHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<UnblockCustomer> for UnblockCustomerHandler {
    type Output = ();
    type Error = UnblockCustomerError;

    const NAME: &'static str = "unblock_customer";

    async fn handle(
        &self,
        command: &UnblockCustomer,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), UnblockCustomerError> {
        let owner = command.caller.organization_id;
        let names = BlockChoice::Names(command.holder.names());
        let blocks = uow.voucher_blocklist().unblock(owner, names).await?;
        if blocks.is_empty() {
            return Err(UnblockCustomerError::NotBlocked);
        }
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        for mut block in blocks {
            block.lift(self.clock.now());
            recorder.record(&mut block, uow).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
