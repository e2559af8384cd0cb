//! Letting go of what holds have reserved.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    ids::{AccountId, HoldId},
    ledger::{Book, Folio, Hold, Standing},
};

use super::post_within::{lock, standings_batch};
use crate::ports::{StorageError, UnitOfWork};

/// Gives back what these holds have reserved, and stores how they stand now. Their rows must be locked. Tells which of them
/// were not let go, since less is held on their accounts than they have reserved; of those nothing is written.
pub(super) async fn let_go(
    holds: &[Hold],
    uow: &mut dyn UnitOfWork,
) -> Result<BTreeSet<HoldId>, StorageError> {
    let before = lock(holds.iter().map(folio), uow).await?;
    let_go_on(&before, holds, uow).await
}

/// The same on pages that are locked already.
pub(super) async fn let_go_on(
    before: &[Standing],
    holds: &[Hold],
    uow: &mut dyn UnitOfWork,
) -> Result<BTreeSet<HoldId>, StorageError> {
    let mut book = Book::new(before.iter().copied());
    let is_let_go = |hold: &&Hold| book.release(folio(hold), hold.facts().amount);
    let (let_go, stuck): (Vec<_>, Vec<_>) = holds.iter().partition(is_let_go);
    if !let_go.is_empty() {
        uow.journal().write(standings_batch(before, &book)).await?;
    }
    for hold in let_go {
        uow.holds().update(hold).await?;
    }
    Ok(stuck.into_iter().map(|hold| hold.facts().id).collect())
}

/// The pages of these holds, locked; and apart from them the accounts whose pages cannot be read, and why.
pub(super) async fn lock_what_can_be_read(
    holds: &[Hold],
    uow: &mut dyn UnitOfWork,
) -> Result<(Vec<Standing>, BTreeMap<AccountId, StorageError>), StorageError> {
    let mut unreadable = BTreeMap::new();
    match lock(holds.iter().map(folio), uow).await {
        Ok(all) => return Ok((all, unreadable)),
        Err(StorageError::Corrupt { .. }) => {}
        Err(error) => return Err(error),
    }
    // They are locked by now, whatever was read: asking for one after the other waits for nobody.
    let mut readable = Vec::new();
    let folios: BTreeSet<_> = holds.iter().map(folio).collect();
    for folio in folios {
        match lock(std::iter::once(folio), uow).await {
            Ok(page) => readable.extend(page),
            Err(error @ StorageError::Corrupt { .. }) => {
                unreadable.insert(folio.account_id, error);
            }
            Err(error) => return Err(error),
        }
    }
    Ok((readable, unreadable))
}

fn folio(hold: &Hold) -> Folio {
    Folio::whole(hold.facts().account_id)
}

/// Less is held on the account of a hold than it has reserved.
pub(super) fn not_held(hold: &Hold) -> StorageError {
    let (account, id) = (hold.facts().account_id, hold.facts().id);
    StorageError::Corrupt {
        entity: "standing",
        source: format!("less is held on account {account} than hold {id} has reserved").into(),
    }
}
