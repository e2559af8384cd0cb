//! Changing what is known of a customer.

use std::sync::Arc;

use domain::{
    customers::{CustomerArchived, CustomerFacts},
    ids::CustomerId,
    version::{Precondition, VersionConflict},
};

use super::CustomerChanges;
use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork, Written},
    transaction::CommandHandler,
};

/// Change this customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviseCustomer {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub id: CustomerId,
    /// Which versions may be changed.
    pub precondition: Precondition,
    /// What is to be different.
    pub changes: CustomerChanges,
}

/// Why a customer was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ReviseCustomerError {
    /// There is no such customer.
    #[error("there is no customer {0}")]
    NotFound(CustomerId),
    /// It has changed meanwhile.
    #[error(transparent)]
    Conflict(#[from] VersionConflict),
    /// The customer does not allow it.
    #[error(transparent)]
    Refused(#[from] CustomerArchived),
    /// Its external id is another's.
    #[error("another customer has this external id")]
    AlreadyExists,
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Changes customers.
pub struct ReviseCustomerHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl ReviseCustomerHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<ReviseCustomer> for ReviseCustomerHandler {
    type Output = CustomerFacts;
    type Error = ReviseCustomerError;

    const NAME: &'static str = "revise_customer";

    async fn handle(
        &self,
        command: &ReviseCustomer,
        uow: &mut dyn UnitOfWork,
    ) -> Result<CustomerFacts, ReviseCustomerError> {
        let organization_id = command.caller.organization_id;
        let found = uow
            .customers()
            .find_for_update(organization_id, command.id)
            .await?;
        let mut customer = found.ok_or(ReviseCustomerError::NotFound(command.id))?;
        command.precondition.check(customer.facts().version)?;

        let profile = command.changes.apply_to(&customer.facts().profile);
        customer.revise(profile, self.clock.now())?;

        if uow.customers().update(&customer).await? == Written::AlreadyThere {
            return Err(ReviseCustomerError::AlreadyExists);
        }
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut customer, uow).await?;
        Ok(customer.facts().clone())
    }
}

#[cfg(test)]
mod tests;
