//! Taking a customer off the blocklist.

use domain::vouchers::Holder;

use crate::{
    platform::Caller,
    ports::{StorageError, UnitOfWork},
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
pub struct UnblockCustomerHandler;

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
        let names = command.holder.names();
        if uow.voucher_blocklist().unblock(owner, names).await? {
            Ok(())
        } else {
            Err(UnblockCustomerError::NotBlocked)
        }
    }
}
