//! Registering a customer.

use std::sync::Arc;

use domain::{
    customers::{Customer, CustomerFacts, CustomerProfile},
    ids::CustomerId,
};

use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork, Written},
    transaction::CommandHandler,
};

/// Register a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateCustomer {
    /// For whom.
    pub caller: Caller,
    /// What is known of it.
    pub profile: CustomerProfile,
}

/// Why a customer was not registered.
#[derive(Debug, thiserror::Error)]
pub enum CreateCustomerError {
    /// Its external id is another's.
    #[error("another customer has this external id")]
    AlreadyExists,
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Registers customers.
pub struct CreateCustomerHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl CreateCustomerHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<CreateCustomer> for CreateCustomerHandler {
    type Output = CustomerFacts;
    type Error = CreateCustomerError;

    const NAME: &'static str = "create_customer";

    async fn handle(
        &self,
        command: &CreateCustomer,
        uow: &mut dyn UnitOfWork,
    ) -> Result<CustomerFacts, CreateCustomerError> {
        let mut customer = Customer::register(
            CustomerId::from_uuid(self.ids.new_id()),
            command.caller.organization_id,
            command.profile.clone(),
            self.clock.now(),
        );

        if uow.customers().insert(&customer).await? == Written::AlreadyThere {
            return Err(CreateCustomerError::AlreadyExists);
        }
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut customer, uow).await?;
        Ok(customer.facts().clone())
    }
}

#[cfg(test)]
mod tests;
