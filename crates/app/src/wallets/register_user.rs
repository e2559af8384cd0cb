//! Registering a user, together with a wallet.

use std::sync::Arc;

use domain::{
    ids::{AccountId, UserId},
    values::Currency,
    wallets::{NationalId, PersonName, User, UserRegistration, Username, Wallet},
};
use jiff::Timestamp;

use super::{ShownUser, UserView, opening::wallet_of};
use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, Holder, IdGenerator, PersonalDataSeal, StorageError, UnitOfWork, UserInserted},
    transaction::CommandHandler,
};

/// Register a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterUser {
    /// For whom.
    pub caller: Caller,
    /// What the user is to be known by.
    pub username: Username,
    /// What the user is called.
    pub name: PersonName,
    /// Who the user is.
    pub national_id: NationalId,
    /// What the wallet is to be in.
    pub currency: Currency,
}

/// Why a user was not registered.
#[derive(Debug, thiserror::Error)]
pub enum RegisterUserError {
    /// The username is, or was, another's.
    #[error("another user has this username")]
    UsernameTaken,
    /// The national id is another's.
    #[error("another user has this national id")]
    NationalIdTaken,
    /// The storage or the seal failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Registers users.
pub struct RegisterUserHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    seal: Arc<dyn PersonalDataSeal>,
}

impl RegisterUserHandler {
    /// A handler on these ports.
    pub fn new(
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        seal: Arc<dyn PersonalDataSeal>,
    ) -> Self {
        Self { clock, ids, seal }
    }

    fn user(&self, command: &RegisterUser, now: Timestamp) -> Result<User, StorageError> {
        let holder = Holder {
            organization_id: command.caller.organization_id,
            user_id: UserId::from_uuid(self.ids.new_id()),
        };
        let registration = UserRegistration {
            username: command.username.clone(),
            name: command.name.clone(),
            national_id: self.seal.seal(holder, &command.national_id)?,
            wallet: Wallet {
                account_id: AccountId::from_uuid(self.ids.new_id()),
                currency: command.currency,
            },
        };
        let Holder {
            organization_id,
            user_id,
        } = holder;
        Ok(User::register(user_id, organization_id, registration, now))
    }
}

impl CommandHandler<RegisterUser> for RegisterUserHandler {
    type Output = ShownUser;
    type Error = RegisterUserError;

    const NAME: &'static str = "register_user";

    async fn handle(
        &self,
        command: &RegisterUser,
        uow: &mut dyn UnitOfWork,
    ) -> Result<ShownUser, RegisterUserError> {
        let now = self.clock.now();
        let mut user = self.user(command, now)?;
        let mut account = wallet_of(&user, now)?;

        match uow.users().insert(&user).await? {
            UserInserted::Stored => {}
            UserInserted::UsernameTaken => return Err(RegisterUserError::UsernameTaken),
            UserInserted::NationalIdTaken => return Err(RegisterUserError::NationalIdTaken),
        }
        uow.accounts().insert(&account).await?;
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut user, uow).await?;
        recorder.record(&mut account, uow).await?;
        Ok(ShownUser {
            user: UserView::from(user.facts()),
            national_id: command.national_id.masked(),
        })
    }
}

#[cfg(test)]
mod tests;
