//! Letting go of what holds have reserved.

use domain::ledger::{Book, Folio, Hold};

use super::post_within::{lock, standings_batch};
use crate::ports::{StorageError, UnitOfWork};

/// Gives back what these holds have reserved, and stores how they stand now. Their rows must be locked.
pub(super) async fn let_go(holds: &[Hold], uow: &mut dyn UnitOfWork) -> Result<(), StorageError> {
    let folio = |hold: &Hold| Folio::whole(hold.facts().account_id);
    let before = lock(holds.iter().map(folio), uow).await?;
    let mut book = Book::new(before.iter().copied());
    for hold in holds {
        book.release(folio(hold), hold.facts().amount);
    }
    uow.journal().write(standings_batch(&before, &book)).await?;
    for hold in holds {
        uow.holds().update(hold).await?;
    }
    Ok(())
}
