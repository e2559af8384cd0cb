//! Booking a payout back that the provider has returned.

mod booking;
mod denials;
mod terms;

use std::sync::Arc;

use domain::{
    actor::Actor,
    payments::{Outcome, ProviderAnswer},
};
use jiff::Timestamp;

pub use self::terms::{BookReturnedPayout, BookReturnedPayoutError, ReturnBooked};
use super::{BeginWorkHandler, Patience};
use crate::{
    ledger::Desk,
    platform::Caller,
    ports::{Clock, IdGenerator, Sighting, StorageError, SuspectedReturn, UnitOfWork, WorkKey},
    transaction::CommandHandler,
};

/// Books returned payouts: each as a refund of all that was not given back yet, which nobody has asked for and which is
/// carried out at once.
pub struct BookReturnedPayoutHandler {
    patience: Patience,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl BookReturnedPayoutHandler {
    /// A handler on these ports.
    pub fn new(patience: Patience, clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self {
            patience,
            clock,
            ids,
        }
    }

    async fn put_off(
        &self,
        suspect: SuspectedReturn,
        now: Timestamp,
        uow: &mut dyn UnitOfWork,
    ) -> Result<ReturnBooked, StorageError> {
        let due_at = self.patience.checks.next_after(suspect.checks, now);
        let suspect = suspect.checked_once_more();
        uow.suspected_returns().put_off(suspect, due_at).await?;
        Ok(ReturnBooked::PutOff)
    }

    async fn book(
        &self,
        key: WorkKey,
        answer: &ProviderAnswer,
        uow: &mut dyn UnitOfWork,
    ) -> Result<ReturnBooked, BookReturnedPayoutError> {
        let (owner, id) = (key.organization_id, key.payment_id);
        let Some(payment) = uow.payments().find_for_update(owner, id).await? else {
            return Ok(ReturnBooked::Settled);
        };
        if payment.facts().refunding_minor > 0 {
            // Somebody is taking it back meanwhile: only what becomes of that tells what is left to book.
            return Ok(ReturnBooked::PutOff);
        }
        let caller = Caller {
            organization_id: owner,
            actor: Actor::Role(BeginWorkHandler::ROLE),
        };
        let desk = Desk {
            caller: &caller,
            ids: self.ids.as_ref(),
            now: self.clock.now(),
        };
        booking::book(payment, answer, desk, uow).await
    }
}

impl CommandHandler<BookReturnedPayout> for BookReturnedPayoutHandler {
    type Output = ReturnBooked;
    type Error = BookReturnedPayoutError;

    const NAME: &'static str = "book_returned_payout";

    async fn handle(
        &self,
        command: &BookReturnedPayout,
        uow: &mut dyn UnitOfWork,
    ) -> Result<ReturnBooked, BookReturnedPayoutError> {
        let key = command.key;
        let Some(suspect) = uow.suspected_returns().lock(key).await? else {
            return Ok(ReturnBooked::Settled);
        };
        let answer = match &command.sighting {
            Sighting::Seen(answer) => Some(answer),
            Sighting::NeverArrived | Sighting::NoAnswer | Sighting::NotAsked => None,
        };
        let is_news = suspect.noticed_at > command.asked_at;
        let (suspect, done) = match answer.map(|it| (it.outcome, it)) {
            Some((Outcome::Declined, answer)) => (suspect, self.book(key, answer, uow).await?),
            Some((Outcome::Succeeded, _)) if !is_news => denials::count(suspect),
            _ => (suspect, ReturnBooked::PutOff),
        };
        if done == ReturnBooked::PutOff {
            return Ok(self.put_off(suspect, self.clock.now(), uow).await?);
        }
        uow.suspected_returns().clear(key).await?;
        Ok(done)
    }
}

#[cfg(test)]
mod tests;
