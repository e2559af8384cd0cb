//! Giving money of a payment back: between two accounts at once, through a provider by a worker.

pub(super) mod carrying_out;
mod command;

use std::sync::Arc;

use domain::{
    ids::{PaymentId, RefundId},
    ledger::Rejection,
    payments::{PaymentKind, ProviderName, RefundFacts, RefundRefusal},
};

use self::carrying_out::{check_provider, give_back, reserve};
pub use self::command::RefundPayment;
use crate::{
    ledger::Desk,
    ports::{Clock, IdGenerator, InvalidProviderData, Providers, Saved, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Why nothing is given back.
#[derive(Debug, thiserror::Error)]
pub enum RefundPaymentError {
    /// There is no such payment.
    #[error("there is no payment {0}")]
    NotFound(PaymentId),
    /// The provider is not set up any more.
    #[error("there is no payment provider {}", .0.as_str())]
    ProviderUnknown(ProviderName),
    /// The provider could not do it.
    #[error(transparent)]
    Impossible(#[from] InvalidProviderData),
    /// The payment does not allow it.
    #[error(transparent)]
    Refused(#[from] RefundRefusal),
    /// The ledger does not allow it.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Refunds payments.
pub struct RefundPaymentHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    providers: Providers,
}

impl RefundPaymentHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>, providers: Providers) -> Self {
        Self {
            clock,
            ids,
            providers,
        }
    }
}

impl CommandHandler<RefundPayment> for RefundPaymentHandler {
    type Output = RefundFacts;
    type Error = RefundPaymentError;

    const NAME: &'static str = "refund_payment";

    async fn handle(
        &self,
        command: &RefundPayment,
        uow: &mut dyn UnitOfWork,
    ) -> Result<RefundFacts, RefundPaymentError> {
        let owner = command.caller.organization_id;
        let payments = uow.payments();
        let found = payments.find_for_update(owner, command.payment_id).await?;
        let mut payment = found.ok_or(RefundPaymentError::NotFound(command.payment_id))?;
        let before = payment.facts().version;
        let desk = Desk {
            caller: &command.caller,
            ids: self.ids.as_ref(),
            now: self.clock.now(),
        };
        let id = RefundId::from_uuid(self.ids.new_id());
        let amount = payment.open_refund(id, command.amount, desk.now)?;
        let mut refund = command.refund(id, amount, payment.facts(), desk);

        if let PaymentKind::Internal { .. } = payment.facts().kind {
            give_back(&mut refund, &mut payment, desk, uow).await?;
        } else {
            check_provider(refund.facts(), payment.facts(), &self.providers)?;
            reserve(refund.facts(), payment.facts(), desk, uow).await?;
        }
        uow.refunds().insert(&refund).await?;
        let saved = uow.payments().save(&payment, before).await?;
        debug_assert_eq!(saved, Saved::Stored, "the row of the payment is locked");
        let recorder = desk.recorder();
        recorder.record(&mut payment, uow).await?;
        recorder.record(&mut refund, uow).await?;
        Ok(refund.facts().clone())
    }
}

#[cfg(test)]
mod tests;
