//! Letting go of a hold.

use std::sync::Arc;

use domain::{
    ids::HoldId,
    ledger::{HoldFacts, HoldRefusal},
};

use super::let_go::{let_go, not_held};
use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Let go of what is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoidHold {
    /// For whom.
    pub caller: Caller,
    /// Which hold.
    pub id: HoldId,
}

/// Why it was not let go.
#[derive(Debug, thiserror::Error)]
pub enum VoidHoldError {
    /// There is no such hold.
    #[error("there is no hold {0}")]
    NotFound(HoldId),
    /// The hold does not allow it.
    #[error(transparent)]
    Refused(#[from] HoldRefusal),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Voids holds.
pub struct VoidHoldHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl VoidHoldHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<VoidHold> for VoidHoldHandler {
    type Output = HoldFacts;
    type Error = VoidHoldError;

    const NAME: &'static str = "void_hold";

    async fn handle(
        &self,
        command: &VoidHold,
        uow: &mut dyn UnitOfWork,
    ) -> Result<HoldFacts, VoidHoldError> {
        let organization_id = command.caller.organization_id;
        let holds = uow.holds();
        let found = holds.find_for_update(organization_id, command.id).await?;
        let mut hold = found.ok_or(VoidHoldError::NotFound(command.id))?;

        hold.void(self.clock.now())?;

        if !let_go(std::slice::from_ref(&hold), uow).await?.is_empty() {
            return Err(not_held(&hold).into());
        }
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut hold, uow).await?;
        Ok(hold.facts().clone())
    }
}

#[cfg(test)]
mod tests;
