//! Letting go of what nobody has taken in time.

use std::{collections::BTreeSet, sync::Arc};

use domain::{actor::Actor, ids::HoldId, ledger::Hold};
use jiff::Timestamp;

use super::let_go::{let_go, not_held};
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
    /// Whether there may be more that can be let go.
    pub has_more: bool,
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
        let (now, batch) = (self.clock.now(), command.batch);
        let found = uow.holds().list_expired_for_update(now, batch).await?;
        let is_full = i64::try_from(found.len()).is_ok_and(|count| count == batch);
        let mut late: Vec<_> = found
            .into_iter()
            .filter_map(|hold| expired(hold, now))
            .collect();
        if !late.is_empty() {
            let stuck = let_go(&late, uow).await?;
            late.retain(|hold| !is_stuck(hold, &stuck));
        }
        let count = late.len();
        for mut hold in late {
            let caller = Caller {
                organization_id: hold.facts().organization_id,
                actor: Actor::Role(Self::ROLE),
            };
            let recorder = Recorder::new(&caller, self.ids.as_ref());
            recorder.record(&mut hold, uow).await?;
        }
        let has_more = is_full && count > 0;
        Ok(ExpiredHolds { count, has_more })
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

/// The same of one that cannot be let go.
fn is_stuck(hold: &Hold, stuck: &BTreeSet<HoldId>) -> bool {
    let is_stuck = stuck.contains(&hold.facts().id);
    if is_stuck {
        tell_stuck(hold, &not_held(hold));
    }
    is_stuck
}

fn tell_stuck(hold: &Hold, why: &(dyn std::error::Error + 'static)) {
    tracing::error!(hold = %hold.facts().id, error = why, "a hold cannot be let go, so it does not expire");
}

#[cfg(test)]
mod tests;
