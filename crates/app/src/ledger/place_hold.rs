//! Reserving money.

use std::sync::Arc;

use domain::{
    ids::{AccountId, HoldId, TransferId},
    ledger::{
        Book, Hold, HoldFacts, HoldStatus, HoldTerm, Rejection, TransferAmount, TransferDetails,
    },
    values::Currency,
    version::Version,
};
use jiff::{SignedDuration, Timestamp};

use super::post_within::{lock, standings_batch};
use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Reserve an amount on an account for another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceHold {
    /// For whom.
    pub caller: Caller,
    /// On which account.
    pub account_id: AccountId,
    /// For which account.
    pub destination_account_id: AccountId,
    /// How much.
    pub amount: TransferAmount,
    /// What both accounts have to be in.
    pub currency: Currency,
    /// What it is for.
    pub details: TransferDetails,
    /// For how long: see [`HoldFacts::check_expires_in`].
    pub expires_in: SignedDuration,
}

/// Why nothing was reserved.
#[derive(Debug, thiserror::Error)]
pub enum PlaceHoldError {
    /// The transfer could not be posted either.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Places holds.
pub struct PlaceHoldHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl PlaceHoldHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<PlaceHold> for PlaceHoldHandler {
    type Output = HoldFacts;
    type Error = PlaceHoldError;

    const NAME: &'static str = "place_hold";

    async fn handle(
        &self,
        command: &PlaceHold,
        uow: &mut dyn UnitOfWork,
    ) -> Result<HoldFacts, PlaceHoldError> {
        let id = self.ids.new_id();
        let facts = command.facts(HoldId::from_uuid(id), self.clock.now());
        // The order is only asked about: it is never posted under this id.
        let order = facts.as_order(TransferId::from_uuid(id));
        let before = lock([order.source, order.destination].into_iter(), uow).await?;
        let mut book = Book::new(before.iter().copied());
        book.reserve(&order)?;

        let mut hold = Hold::place(facts);
        uow.journal().write(standings_batch(&before, &book)).await?;
        uow.holds().insert(&hold).await?;
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut hold, uow).await?;
        Ok(hold.facts().clone())
    }
}

impl PlaceHold {
    fn facts(&self, id: HoldId, now: Timestamp) -> HoldFacts {
        HoldFacts {
            id,
            organization_id: self.caller.organization_id,
            account_id: self.account_id,
            destination_account_id: self.destination_account_id,
            amount: self.amount,
            currency: self.currency,
            details: self.details.clone(),
            status: HoldStatus::Pending,
            term: HoldTerm::Until(
                now.saturating_add(self.expires_in)
                    .unwrap_or(Timestamp::MAX),
            ),
            created_at: now,
            updated_at: now,
            version: Version::FIRST,
        }
    }
}

#[cfg(test)]
mod tests;
