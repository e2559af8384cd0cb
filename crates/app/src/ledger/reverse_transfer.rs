//! Taking a transfer back.

use std::sync::Arc;

use domain::{
    ids::TransferId,
    ledger::{Book, PostedTransfer, Rejection, TransferDetails, TransferKind},
};

use super::{Postings, post_within::lock};
use crate::{
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Post the mirror of a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReverseTransfer {
    /// For whom.
    pub caller: Caller,
    /// Which transfer.
    pub id: TransferId,
    /// Why: its description and the client's notes.
    pub reasons: TransferDetails,
}

/// Why a transfer was not taken back.
#[derive(Debug, thiserror::Error)]
pub enum ReverseTransferError {
    /// There is no such transfer.
    #[error("there is no transfer {0}")]
    NotFound(TransferId),
    /// It is taken back by other means, or not at all.
    #[error("a transfer of the kind {} is not reversed by itself", .0.code())]
    NotReversible(TransferKind),
    /// It was taken back before.
    #[error("transfer {0} was reversed already")]
    AlreadyReversed(TransferId),
    /// The mirror cannot be posted.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Reverses transfers.
pub struct ReverseTransferHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl ReverseTransferHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<ReverseTransfer> for ReverseTransferHandler {
    type Output = PostedTransfer;
    type Error = ReverseTransferError;

    const NAME: &'static str = "reverse_transfer";

    async fn handle(
        &self,
        command: &ReverseTransfer,
        uow: &mut dyn UnitOfWork,
    ) -> Result<PostedTransfer, ReverseTransferError> {
        let (organization_id, id) = (command.caller.organization_id, command.id);
        let found = uow.journal().find(organization_id, id).await?;
        let original = found.ok_or(ReverseTransferError::NotFound(id))?.order;
        if !original.kind.is_reversible() {
            return Err(ReverseTransferError::NotReversible(original.kind));
        }
        let postings = Postings {
            organization_id,
            now: self.clock.now(),
            ids: self.ids.as_ref(),
        };
        let mirror_id = TransferId::from_uuid(self.ids.new_id());
        let mirror = postings.on_any_pages(original.mirror(mirror_id, command.reasons.clone()));
        let before = lock([mirror.source, mirror.destination].into_iter(), uow).await?;
        // Asked behind the lock: whoever takes the same transfer back needs the same accounts. Where both are written on
        // many pages, the storage has the last word, and the one that comes second is here again.
        if uow.journal().is_reversed(organization_id, id).await? {
            return Err(ReverseTransferError::AlreadyReversed(id));
        }

        let mut book = Book::new(before.iter().copied());
        let posting = book.post(&mirror, postings.now)?;

        let reversal = PostedTransfer::new(mirror, posting);
        let batch = postings.batch(vec![reversal.clone()], &before, &book);
        uow.journal().write(batch).await?;
        Ok(reversal)
    }
}

#[cfg(test)]
mod tests;
