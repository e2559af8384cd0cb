//! Archiving a customer.

use std::sync::Arc;

use domain::{
    customers::CustomerArchived,
    ids::CustomerId,
    version::{Precondition, VersionConflict},
};

use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Take this customer out of the lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveCustomer {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub id: CustomerId,
    /// Which versions may be archived.
    pub precondition: Precondition,
}

/// Why a customer was not archived.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveCustomerError {
    /// There is no such customer.
    #[error("there is no customer {0}")]
    NotFound(CustomerId),
    /// It has changed meanwhile.
    #[error(transparent)]
    Conflict(#[from] VersionConflict),
    /// The customer does not allow it.
    #[error(transparent)]
    Refused(#[from] CustomerArchived),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Archives customers.
pub struct ArchiveCustomerHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl ArchiveCustomerHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<ArchiveCustomer> for ArchiveCustomerHandler {
    type Output = ();
    type Error = ArchiveCustomerError;

    const NAME: &'static str = "archive_customer";

    async fn handle(
        &self,
        command: &ArchiveCustomer,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), ArchiveCustomerError> {
        let organization_id = command.caller.organization_id;
        let found = uow
            .customers()
            .find_for_update(organization_id, command.id)
            .await?;
        let mut customer = found.ok_or(ArchiveCustomerError::NotFound(command.id))?;
        command.precondition.check(customer.facts().version)?;

        customer.archive(self.clock.now())?;

        uow.customers().update(&customer).await?;
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut customer, uow).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
