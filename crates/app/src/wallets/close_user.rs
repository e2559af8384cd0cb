//! Closing a user, together with the wallet.

use std::sync::Arc;

use domain::{
    ids::{AccountId, UserId},
    ledger::{AccountChange, AccountStatus, ChangeAccountError},
    version::{Precondition, VersionConflict},
    wallets::UserClosed,
};

use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Close this user and the wallet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseUser {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub id: UserId,
    /// Which versions may be closed.
    pub precondition: Precondition,
}

/// Why a user was not closed.
#[derive(Debug, thiserror::Error)]
pub enum CloseUserError {
    /// There is no such user.
    #[error("there is no user {0}")]
    NotFound(UserId),
    /// It has changed meanwhile.
    #[error(transparent)]
    Conflict(#[from] VersionConflict),
    /// The user does not allow it.
    #[error(transparent)]
    Refused(#[from] UserClosed),
    /// There is money on the wallet.
    #[error(transparent)]
    Wallet(#[from] ChangeAccountError),
    /// The wallet is not there.
    #[error("there is no wallet {0}")]
    NoWallet(AccountId),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Closes users.
pub struct CloseUserHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl CloseUserHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<CloseUser> for CloseUserHandler {
    type Output = ();
    type Error = CloseUserError;

    const NAME: &'static str = "close_user";

    async fn handle(
        &self,
        command: &CloseUser,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), CloseUserError> {
        let organization_id = command.caller.organization_id;
        let found = uow
            .users()
            .find_for_update(organization_id, command.id)
            .await?;
        let mut user = found.ok_or(CloseUserError::NotFound(command.id))?;
        command.precondition.check(user.facts().version)?;

        user.close(self.clock.now())?;
        self.close_wallet(user.facts().registration.wallet.account_id, command, uow)
            .await?;
        uow.users().update(&user).await?;
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut user, uow).await?;
        Ok(())
    }
}

impl CloseUserHandler {
    async fn close_wallet(
        &self,
        id: AccountId,
        command: &CloseUser,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), CloseUserError> {
        let owner = command.caller.organization_id;
        let found = uow.accounts().find_for_update(owner, id).await?;
        let mut account = found.ok_or(CloseUserError::NoWallet(id))?;
        // Somebody may have closed it as an account.
        if account.facts().status == AccountStatus::Closed {
            return Ok(());
        }
        let closing = AccountChange {
            status: Some(AccountStatus::Closed),
            ..AccountChange::default()
        };
        account.change(closing, self.clock.now())?;
        crate::ledger::refuse_while_awaited::<CloseUserError>(&account, uow).await?;
        uow.accounts().update(&account).await?;
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        Ok(recorder.record(&mut account, uow).await?)
    }
}

#[cfg(test)]
mod tests;
