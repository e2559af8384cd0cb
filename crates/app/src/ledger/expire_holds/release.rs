//! Letting go of holds, each for itself: one that is stuck harms no other, of whatever organization, and is told in the log.

use domain::ledger::Hold;
use jiff::Timestamp;

use crate::{
    ledger::let_go::{let_go_on, lock_what_can_be_read, not_held},
    ports::{StorageError, UnitOfWork},
};

/// Those of them that were let go. Stuck is what does not allow it, although it was found as one that does; what is on an
/// account that cannot be read; and what has reserved more than is held there.
pub(super) async fn let_go_what_can_be(
    found: Vec<Hold>,
    now: Timestamp,
    uow: &mut dyn UnitOfWork,
) -> Result<Vec<Hold>, StorageError> {
    let late = found.into_iter().filter_map(|hold| expired(hold, now));
    let mut late: Vec<_> = late.collect();
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

/// The hold as it is when its time is over.
fn expired(mut hold: Hold, now: Timestamp) -> Option<Hold> {
    match hold.expire(now) {
        Ok(()) => Some(hold),
        Err(refusal) => {
            tell_stuck(&hold, &refusal);
            None
        }
    }
}

/// Never true: such a hold is not one that was let go.
fn tell_stuck(hold: &Hold, why: &(dyn std::error::Error + 'static)) -> bool {
    tracing::error!(hold = %hold.facts().id, error = why, "a hold cannot be let go, so it does not expire");
    false
}
