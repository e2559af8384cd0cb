//! Letting go of what nobody has taken in time.

use std::sync::Arc;

use domain::{actor::Actor, ledger::Hold};
use jiff::Timestamp;

use super::let_go::{let_go_on, lock_what_can_be_read, not_held};
use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, HoldPlace, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

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
        let late: Vec<_> = found
            .into_iter()
            .filter_map(|hold| expired(hold, now))
            .collect();
        let let_go = let_go_what_can_be(late, uow).await?;
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
        Some(HoldPlace::of(last.facts()))
    }
}

/// The hold as it is when its time is over. One that does not allow it, although it was found as one that does, is not in
/// the way of the others, of whatever organization: it is told in the log.
fn expired(mut hold: Hold, now: Timestamp) -> Option<Hold> {
    match hold.expire(now) {
        Ok(()) => Some(hold),
        Err(refusal) => {
            tell_stuck(&hold, &refusal);
            None
        }
    }
}

/// Those that were let go. One on an account that cannot be read, or that has less held than it reserved, is told in the
/// log like those.
async fn let_go_what_can_be(
    mut late: Vec<Hold>,
    uow: &mut dyn UnitOfWork,
) -> Result<Vec<Hold>, StorageError> {
    if late.is_empty() {
        return Ok(late);
    }
    let (standings, unreadable) = lock_what_can_be_read(&late, uow).await?;
    late.retain(|hold| match unreadable.get(&hold.facts().account_id) {
        Some(why) => tell_stuck(hold, why),
        None => true,
    });
    let stuck = let_go_on(&standings, &late, uow).await?;
    late.retain(|hold| !stuck.contains(&hold.facts().id) || tell_stuck(hold, &not_held(hold)));
    Ok(late)
}

/// Never true: such a hold is not one that was let go.
fn tell_stuck(hold: &Hold, why: &(dyn std::error::Error + 'static)) -> bool {
    tracing::error!(hold = %hold.facts().id, error = why, "a hold cannot be let go, so it does not expire");
    false
}

#[cfg(test)]
mod tests;
