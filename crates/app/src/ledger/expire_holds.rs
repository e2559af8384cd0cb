//! Letting go of what nobody has taken in time.

use std::sync::Arc;

use domain::{actor::Actor, ledger::HoldRefusal};

use super::let_go::let_go;
use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Let go of one batch of pending holds, of all organizations, whose time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpireHolds {
    /// How many at most.
    pub batch: i64,
}

/// What a batch has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpiredHolds {
    /// How many holds were let go.
    pub count: usize,
    /// Whether there may be more.
    pub has_more: bool,
}

/// Why a batch was given up.
#[derive(Debug, thiserror::Error)]
pub enum ExpireHoldsError {
    /// A hold did not allow it, although it was found as one that does.
    #[error(transparent)]
    Refused(#[from] HoldRefusal),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Expires holds. Any number may run at once: each batch passes over what another has locked.
pub struct ExpireHoldsHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl ExpireHoldsHandler {
    /// What events call it.
    pub const ROLE: &'static str = "scheduler";

    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<ExpireHolds> for ExpireHoldsHandler {
    type Output = ExpiredHolds;
    type Error = ExpireHoldsError;

    const NAME: &'static str = "expire_holds";

    async fn handle(
        &self,
        command: &ExpireHolds,
        uow: &mut dyn UnitOfWork,
    ) -> Result<ExpiredHolds, ExpireHoldsError> {
        let (now, batch) = (self.clock.now(), command.batch);
        let mut late = uow.holds().list_expired_for_update(now, batch).await?;
        let count = late.len();
        let has_more = i64::try_from(count).is_ok_and(|count| count == batch);
        if late.is_empty() {
            return Ok(ExpiredHolds { count, has_more });
        }
        for hold in &mut late {
            hold.expire(now)?;
        }
        let_go(&late, uow).await?;
        for mut hold in late {
            let caller = Caller {
                organization_id: hold.facts().organization_id,
                actor: Actor::Role(Self::ROLE),
            };
            let recorder = Recorder::new(&caller, self.ids.as_ref());
            recorder.record(&mut hold, uow).await?;
        }
        Ok(ExpiredHolds { count, has_more })
    }
}

#[cfg(test)]
mod tests;
