//! Accepting a payment: one between two accounts is carried out at once, one through a provider waits for a worker.

mod command;
pub(super) mod preparing;
mod refusal;

use std::sync::Arc;

use domain::{
    ids::PaymentId,
    payments::{Payment, PaymentFacts, PaymentKind},
};

pub use self::{
    command::{AcceptPayment, NewExternal, NewKind},
    refusal::AcceptPaymentError,
};
use super::{InternalPayment, closing::follow};
use crate::{
    ledger::Desk,
    ports::{Clock, IdGenerator, Providers, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Accepts payments.
pub struct AcceptPaymentHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    providers: Providers,
}

impl AcceptPaymentHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>, providers: Providers) -> Self {
        Self {
            clock,
            ids,
            providers,
        }
    }

    /// What the posting engine is asked for, if it can carry this out: a payment between two accounts. One that settles an
    /// invoice needs more than the engine writes, and is a matter for this handler like all others.
    pub fn for_engine(
        &self,
        command: &AcceptPayment,
    ) -> Result<Option<InternalPayment>, StorageError> {
        let is_internal = matches!(command.kind, NewKind::Internal { .. });
        if !is_internal || command.invoice_id.is_some() {
            return Ok(None);
        }
        let desk = self.desk(command);
        let id = PaymentId::from_uuid(self.ids.new_id());
        let order = preparing::order(command, desk);
        InternalPayment::new(id, command.caller.clone(), order, desk.now).map(Some)
    }

    fn desk<'a>(&'a self, command: &'a AcceptPayment) -> Desk<'a> {
        Desk {
            caller: &command.caller,
            ids: self.ids.as_ref(),
            now: self.clock.now(),
        }
    }
}

impl CommandHandler<AcceptPayment> for AcceptPaymentHandler {
    type Output = PaymentFacts;
    type Error = AcceptPaymentError;

    const NAME: &'static str = "accept_payment";

    async fn handle(
        &self,
        command: &AcceptPayment,
        uow: &mut dyn UnitOfWork,
    ) -> Result<PaymentFacts, AcceptPaymentError> {
        let desk = self.desk(command);
        let order = preparing::order(command, desk);
        let id = PaymentId::from_uuid(self.ids.new_id());
        let owner = command.caller.organization_id;
        let accept = match order.kind {
            PaymentKind::Internal { .. } => Payment::carried_out,
            PaymentKind::External(_) => Payment::accept,
        };
        let mut payment = accept(id, owner, order, desk.now);
        preparing::check_sides(payment.facts())?;
        preparing::check_provider(payment.facts(), &self.providers)?;
        preparing::check_invoice(payment.facts(), uow).await?;

        preparing::reserve(payment.facts(), desk, uow).await?;
        uow.payments().insert(&payment).await?;
        follow(&payment, desk, uow).await?;
        desk.recorder().record(&mut payment, uow).await?;
        Ok(payment.facts().clone())
    }
}

#[cfg(test)]
mod tests;
