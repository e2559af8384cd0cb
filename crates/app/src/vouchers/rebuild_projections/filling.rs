//! Filling another generation, a transaction for each piece.

use std::sync::Arc;

use super::RebuildError;
use crate::{
    ports::{Begun, Clock, Generation, StorageError, StoredPlace, UnitOfWork},
    transaction::CommandHandler,
};

/// Begin another generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BeginRebuild;

/// Begins generations.
pub(super) struct BeginRebuildHandler(pub(super) Arc<dyn Clock>);

impl CommandHandler<BeginRebuild> for BeginRebuildHandler {
    type Output = Begun;
    type Error = StorageError;

    const NAME: &'static str = "begin_voucher_rebuild";

    async fn handle(
        &self,
        _command: &BeginRebuild,
        uow: &mut dyn UnitOfWork,
    ) -> Result<Begun, StorageError> {
        uow.voucher_projection().begin(self.0.now()).await
    }
}

/// Copy some of the stored aggregates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CopyStored {
    /// Into what.
    pub(super) generation: Generation,
    /// Those behind this place.
    pub(super) after: StoredPlace,
    /// At most so many.
    pub(super) limit: i64,
}

/// What was copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Copied {
    /// How many aggregates.
    pub(super) count: u64,
    /// Where to go on.
    pub(super) next: Option<StoredPlace>,
}

/// Copies stored aggregates.
pub(super) struct CopyStoredHandler(pub(super) Arc<dyn Clock>);

impl CommandHandler<CopyStored> for CopyStoredHandler {
    type Output = Copied;
    type Error = RebuildError;

    const NAME: &'static str = "copy_stored_vouchers";

    async fn handle(
        &self,
        command: &CopyStored,
        uow: &mut dyn UnitOfWork,
    ) -> Result<Copied, RebuildError> {
        let projection = uow.voucher_projection();
        // Held before anything is read: what the consumer put there is older than what is read, or comes later.
        let goes_on = projection.go_on(command.generation, self.0.now());
        if !goes_on.await? {
            return Err(RebuildError::Overtaken);
        }
        let read = projection.read_stored(command.after, command.limit);
        let (stored, next) = read.await?;
        projection.put(&[command.generation], &stored).await?;
        Ok(Copied {
            count: u64::try_from(stored.count()).unwrap_or(u64::MAX),
            next,
        })
    }
}
