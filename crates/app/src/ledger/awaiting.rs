//! Accounts that money may yet come to.

use domain::ledger::{Account, AccountStatus, ChangeAccountError};

use crate::ports::{StorageError, UnitOfWork};

/// Refuses to close an account as long as a payment under way may bring money to it: the ledger could not book what the
/// provider has moved. The account, locked, is as it is to become.
pub async fn refuse_while_awaited<E>(account: &Account, uow: &mut dyn UnitOfWork) -> Result<(), E>
where
    E: From<ChangeAccountError> + From<StorageError>,
{
    let facts = account.facts();
    if facts.status != AccountStatus::Closed {
        return Ok(());
    }
    let payments = uow.payments();
    if payments.is_awaited(facts.organization_id, facts.id).await? {
        return Err(ChangeAccountError::Awaited(facts.id).into());
    }
    Ok(())
}
