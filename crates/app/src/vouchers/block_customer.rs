//! Putting a customer on the blocklist.

use domain::vouchers::Holder;

use crate::{
    platform::Caller,
    ports::{StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Let this customer redeem nothing more. What was redeemed stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockCustomer {
    /// For whom.
    pub caller: Caller,
    /// The customer, the address, or both.
    pub holder: Holder,
}

/// Blocks customers.
pub struct BlockCustomerHandler;

impl CommandHandler<BlockCustomer> for BlockCustomerHandler {
    type Output = ();
    type Error = StorageError;

    const NAME: &'static str = "block_customer";

    async fn handle(
        &self,
        command: &BlockCustomer,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), StorageError> {
        let owner = command.caller.organization_id;
        let names = command.holder.names();
        uow.voucher_blocklist().block(owner, names).await
    }
}
