//! Changing an account: what it is called, how far it may be overdrawn, and whether it takes part in transfers.

use std::sync::Arc;

use domain::{
    ids::AccountId,
    ledger::{AccountChange, ChangeAccountError as Refusal},
    version::{Precondition, VersionConflict},
};

use super::{AccountState, awaiting::refuse_while_awaited};
use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Change this account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeAccount {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub id: AccountId,
    /// Which versions may be changed.
    pub precondition: Precondition,
    /// What is to be different.
    pub change: AccountChange,
}

/// Why an account was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeAccountError {
    /// There is no such account.
    #[error("there is no account {0}")]
    NotFound(AccountId),
    /// It has changed meanwhile.
    #[error(transparent)]
    Conflict(#[from] VersionConflict),
    /// The account does not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Changes accounts.
pub struct ChangeAccountHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl ChangeAccountHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<ChangeAccount> for ChangeAccountHandler {
    type Output = AccountState;
    type Error = ChangeAccountError;

    const NAME: &'static str = "change_account";

    async fn handle(
        &self,
        command: &ChangeAccount,
        uow: &mut dyn UnitOfWork,
    ) -> Result<AccountState, ChangeAccountError> {
        let organization_id = command.caller.organization_id;
        let found = uow
            .accounts()
            .find_for_update(organization_id, command.id)
            .await?;
        let mut account = found.ok_or(ChangeAccountError::NotFound(command.id))?;
        command.precondition.check(account.facts().version)?;

        account.change(command.change.clone(), self.clock.now())?;
        refuse_while_awaited::<ChangeAccountError>(&account, uow).await?;

        uow.accounts().update(&account).await?;
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut account, uow).await?;
        Ok(AccountState::from(&account))
    }
}

#[cfg(test)]
mod tests;
