//! Taking what is held.

use std::sync::Arc;

use domain::{
    ids::{HoldId, TransferId},
    ledger::{Book, HoldFacts, HoldRefusal, PostedTransfer, Rejection, TransferAmount},
};

use super::{Postings, let_go::not_held, post_within::lock};
use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Take an amount of what is held, and let go of the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptureHold {
    /// For whom.
    pub caller: Caller,
    /// Which hold.
    pub id: HoldId,
    /// How much; all of it if there is none.
    pub amount: Option<TransferAmount>,
}

/// Why nothing was taken.
#[derive(Debug, thiserror::Error)]
pub enum CaptureHoldError {
    /// There is no such hold.
    #[error("there is no hold {0}")]
    NotFound(HoldId),
    /// The hold does not allow it.
    #[error(transparent)]
    Refused(#[from] HoldRefusal),
    /// The transfer cannot be posted, although the money is there.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Captures holds.
pub struct CaptureHoldHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl CaptureHoldHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<CaptureHold> for CaptureHoldHandler {
    type Output = HoldFacts;
    type Error = CaptureHoldError;

    const NAME: &'static str = "capture_hold";

    async fn handle(
        &self,
        command: &CaptureHold,
        uow: &mut dyn UnitOfWork,
    ) -> Result<HoldFacts, CaptureHoldError> {
        let organization_id = command.caller.organization_id;
        let holds = uow.holds();
        let found = holds.find_for_update(organization_id, command.id).await?;
        let mut hold = found.ok_or(CaptureHoldError::NotFound(command.id))?;
        // Read behind the lock: until the transaction ends nobody else can find that its time is over.
        let now = self.clock.now();
        let transfer_id = TransferId::from_uuid(self.ids.new_id());
        let order = hold.capture(command.amount, transfer_id, now)?;

        let before = lock([order.source, order.destination].into_iter(), uow).await?;
        let mut book = Book::new(before.iter().copied());
        if !book.release(order.source, hold.facts().amount) {
            return Err(not_held(&hold).into());
        }
        let posting = book.post(&order, now)?;

        let postings = Postings {
            organization_id,
            now,
            ids: self.ids.as_ref(),
        };
        let posted = vec![PostedTransfer::new(order, posting)];
        let batch = postings.batch(posted, &before, &book);
        uow.journal().write(batch).await?;
        uow.holds().update(&hold).await?;
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut hold, uow).await?;
        Ok(hold.facts().clone())
    }
}

#[cfg(test)]
mod tests;
