//! Trying again what was given up.

use std::sync::Arc;

use domain::payments::{PaymentTransitionForbidden, RefundRefusal};
use uuid::Uuid;

use super::{
    AcceptPaymentError,
    reviving::{revive_payment, revive_refund},
};
use crate::{
    ledger::{Desk, PostWithinError},
    platform::Caller,
    ports::{Clock, DeadPayment, IdGenerator, Providers, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Try this dead letter again, with all attempts before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryDeadPayment {
    /// For whom.
    pub caller: Caller,
    /// Which dead letter.
    pub id: Uuid,
}

/// Why it is not tried again.
#[derive(Debug, thiserror::Error)]
pub enum RetryDeadPaymentError {
    /// There is no such dead letter.
    #[error("there is no dead letter {0}")]
    NotFound(Uuid),
    /// As a new payment, it would not be accepted any more.
    #[error(transparent)]
    Refused(#[from] AcceptPaymentError),
    /// The payment has no room for the refund any more.
    #[error(transparent)]
    NotRefundable(#[from] RefundRefusal),
}

/// Revives payments and refunds. What leaves an account is reserved anew; an invoice has to have room for it still.
pub struct RetryDeadPaymentHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    providers: Providers,
}

impl RetryDeadPaymentHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>, providers: Providers) -> Self {
        Self {
            clock,
            ids,
            providers,
        }
    }
}

impl CommandHandler<RetryDeadPayment> for RetryDeadPaymentHandler {
    type Output = DeadPayment;
    type Error = RetryDeadPaymentError;

    const NAME: &'static str = "retry_dead_payment";

    async fn handle(
        &self,
        command: &RetryDeadPayment,
        uow: &mut dyn UnitOfWork,
    ) -> Result<DeadPayment, RetryDeadPaymentError> {
        let owner = command.caller.organization_id;
        let letters = uow.payment_dead_letters();
        let found = letters.find_for_update(owner, command.id).await?;
        let dead = found.ok_or(RetryDeadPaymentError::NotFound(command.id))?;
        let payment_id = dead.key.payment_id;
        let payment = uow.payments().find_for_update(owner, payment_id).await?;
        let payment = payment.ok_or_else(|| out_of_step("its payment is not there"))?;
        let desk = Desk {
            caller: &command.caller,
            ids: self.ids.as_ref(),
            now: self.clock.now(),
        };
        match dead.key.refund_id {
            None => revive_payment(payment, (&self.providers, desk), uow).await?,
            Some(id) => revive_refund(id, payment, (&self.providers, desk), uow).await?,
        }
        uow.payment_dead_letters().remove(command.id).await?;
        Ok(dead)
    }
}

/// What was given up has failed, and nothing else.
pub(super) fn out_of_step(
    why: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> StorageError {
    StorageError::Corrupt {
        entity: "dead letter of a payment",
        source: why.into(),
    }
}

impl From<StorageError> for RetryDeadPaymentError {
    fn from(error: StorageError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<PostWithinError> for RetryDeadPaymentError {
    fn from(error: PostWithinError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<PaymentTransitionForbidden> for RetryDeadPaymentError {
    fn from(why: PaymentTransitionForbidden) -> Self {
        out_of_step(why).into()
    }
}

#[cfg(test)]
mod tests;
