//! Letting go of what holds have reserved.

use std::collections::BTreeSet;

use domain::{
    ids::HoldId,
    ledger::{Book, Folio, Hold},
};

use super::post_within::{lock, standings_batch};
use crate::ports::{StorageError, UnitOfWork};

/// Gives back what these holds have reserved, and stores how they stand now. Their rows must be locked. Tells which of them
/// were not let go, since less is held on their accounts than they have reserved; of those nothing is written.
pub(super) async fn let_go(
    holds: &[Hold],
    uow: &mut dyn UnitOfWork,
) -> Result<BTreeSet<HoldId>, StorageError> {
    let folio = |hold: &Hold| Folio::whole(hold.facts().account_id);
    let before = lock(holds.iter().map(folio), uow).await?;
    let mut book = Book::new(before.iter().copied());
    let is_let_go = |hold: &&Hold| book.release(folio(hold), hold.facts().amount);
    let (let_go, stuck): (Vec<_>, Vec<_>) = holds.iter().partition(is_let_go);
    if !let_go.is_empty() {
        uow.journal().write(standings_batch(&before, &book)).await?;
    }
    for hold in let_go {
        uow.holds().update(hold).await?;
    }
    Ok(stuck.into_iter().map(|hold| hold.facts().id).collect())
}

/// Less is held on the account of a hold than it has reserved.
pub(super) fn not_held(hold: &Hold) -> StorageError {
    let (account, id) = (hold.facts().account_id, hold.facts().id);
    StorageError::Corrupt {
        entity: "standing",
        source: format!("less is held on account {account} than hold {id} has reserved").into(),
    }
}
