//! Showing what was built, or giving it up.

use super::RebuildError;
use crate::{
    ports::{Generation, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Have queries read what was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ShowRebuilt {
    /// What was built.
    pub(super) generation: Generation,
}

/// Shows what was built.
pub(super) struct ShowRebuiltHandler;

impl CommandHandler<ShowRebuilt> for ShowRebuiltHandler {
    type Output = ();
    type Error = RebuildError;

    const NAME: &'static str = "show_rebuilt_vouchers";

    async fn handle(
        &self,
        command: &ShowRebuilt,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), RebuildError> {
        let projection = uow.voucher_projection();
        let held = projection.hold().await?;
        if held.building != Some(command.generation) {
            return Err(RebuildError::Overtaken);
        }
        Ok(projection.end(command.generation, true).await?)
    }
}

/// Give up what could not be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GiveUpRebuild {
    /// What was being built.
    pub(super) generation: Generation,
}

/// Gives up what could not be built: nobody has to keep it up any more.
pub(super) struct GiveUpRebuildHandler;

impl CommandHandler<GiveUpRebuild> for GiveUpRebuildHandler {
    type Output = ();
    type Error = StorageError;

    const NAME: &'static str = "give_up_voucher_rebuild";

    async fn handle(
        &self,
        command: &GiveUpRebuild,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), StorageError> {
        uow.voucher_projection()
            .end(command.generation, false)
            .await
    }
}
