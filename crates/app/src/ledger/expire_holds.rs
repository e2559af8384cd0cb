//! Letting go of what nobody has taken in time.

use std::sync::Arc;

use domain::{actor::Actor, ledger::Hold};

use self::release::let_go_what_can_be;
use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, HoldPlace, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

mod release;

/// Let go of one batch of pending holds, of all organizations, whose time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpireHolds {
    /// How many at most.
    pub batch: i64,
    /// Behind which place: where the batch before it ended. Those that cannot be let go stay where they are, so whoever
    /// began at the beginning each time would come to nobody else once there are enough of them.
    pub after: Option<HoldPlace>,
}

/// What a batch has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpiredHolds {
    /// How many holds were let go.
    pub count: usize,
    /// Where to go on. None at the end.
    pub next: Option<HoldPlace>,
}

/// Why a batch was given up.
#[derive(Debug, thiserror::Error)]
pub enum ExpireHoldsError {
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
        let now = self.clock.now();
        let batch = uow
            .holds()
            .list_expired_for_update(now, command.after, command.batch);
        let found = batch.await?;
        let next = command.next_after(&found);
        let let_go = let_go_what_can_be(found, now, uow).await?;
        let count = let_go.len();
        for mut hold in let_go {
            let caller = Caller {
                organization_id: hold.facts().organization_id,
                actor: Actor::Role(Self::ROLE),
            };
            let recorder = Recorder::new(&caller, self.ids.as_ref());
            recorder.record(&mut hold, uow).await?;
        }
        Ok(ExpiredHolds { count, next })
    }
}

impl ExpireHolds {
    /// Where to go on behind these, if there may be more.
    fn next_after(&self, found: &[Hold]) -> Option<HoldPlace> {
        let is_full = i64::try_from(found.len()).is_ok_and(|count| count == self.batch);
        let last = found.last().filter(|_| is_full)?;
        HoldPlace::of(last.facts())
    }
}

#[cfg(test)]
mod tests;
