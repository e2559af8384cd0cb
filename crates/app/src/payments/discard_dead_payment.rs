//! Forgetting what was given up.

use uuid::Uuid;

use crate::{
    platform::Caller,
    ports::{StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Forget this dead letter. The payment stays failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscardDeadPayment {
    /// For whom.
    pub caller: Caller,
    /// Which dead letter.
    pub id: Uuid,
}

/// Why it is not forgotten.
#[derive(Debug, thiserror::Error)]
pub enum DiscardDeadPaymentError {
    /// There is no such dead letter.
    #[error("there is no dead letter {0}")]
    NotFound(Uuid),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Forgets dead letters.
pub struct DiscardDeadPaymentHandler;

impl CommandHandler<DiscardDeadPayment> for DiscardDeadPaymentHandler {
    type Output = ();
    type Error = DiscardDeadPaymentError;

    const NAME: &'static str = "discard_dead_payment";

    async fn handle(
        &self,
        command: &DiscardDeadPayment,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), DiscardDeadPaymentError> {
        let (owner, id) = (command.caller.organization_id, command.id);
        let letters = uow.payment_dead_letters();
        let found = letters.find_for_update(owner, id).await?;
        found.ok_or(DiscardDeadPaymentError::NotFound(id))?;
        Ok(letters.remove(id).await?)
    }
}

#[cfg(test)]
mod tests;
