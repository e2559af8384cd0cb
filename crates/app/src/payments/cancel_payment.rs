//! Calling a payment off before a worker has begun with it.

use std::sync::Arc;

use domain::{
    ids::PaymentId,
    payments::{NotCancellable, PaymentFacts},
};

use super::save_payment;
use crate::{
    ledger::{Desk, PostWithinError},
    platform::Caller,
    ports::{Clock, IdGenerator, Saved, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Call this payment off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelPayment {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub id: PaymentId,
}

/// Why it was not called off.
#[derive(Debug, thiserror::Error)]
pub enum CancelPaymentError {
    /// There is no such payment.
    #[error("there is no payment {0}")]
    NotFound(PaymentId),
    /// It does not wait.
    #[error(transparent)]
    Refused(#[from] NotCancellable),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Cancels payments.
pub struct CancelPaymentHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl CancelPaymentHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<CancelPayment> for CancelPaymentHandler {
    type Output = PaymentFacts;
    type Error = CancelPaymentError;

    const NAME: &'static str = "cancel_payment";

    async fn handle(
        &self,
        command: &CancelPayment,
        uow: &mut dyn UnitOfWork,
    ) -> Result<PaymentFacts, CancelPaymentError> {
        let owner = command.caller.organization_id;
        let found = uow.payments().find_for_update(owner, command.id).await?;
        let mut payment = found.ok_or(CancelPaymentError::NotFound(command.id))?;
        let before = payment.facts().version;
        let desk = Desk {
            caller: &command.caller,
            ids: self.ids.as_ref(),
            now: self.clock.now(),
        };
        payment.cancel(desk.now)?;
        match save_payment(&mut payment, before, desk, uow).await {
            Ok(Saved::Stored) => Ok(payment.facts().clone()),
            Ok(Saved::Fenced) => {
                uow.lose_race();
                Err(StorageError::Contended { attempts: 1 }.into())
            }
            Err(error) => Err(unposted(error).into()),
        }
    }
}

/// Letting go of money posts nothing that could be rejected.
fn unposted(error: PostWithinError) -> StorageError {
    match error {
        PostWithinError::Storage(error) => error,
        PostWithinError::Rejected(why) => StorageError::Corrupt {
            entity: "payment",
            source: Box::new(why),
        },
    }
}

#[cfg(test)]
mod tests;
