//! Calling a user otherwise.

use std::sync::Arc;

use domain::{
    ids::UserId,
    version::{Precondition, VersionConflict},
    wallets::{PersonName, UserClosed},
};

use super::ShownUser;
use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, PersonalDataSeal, SealError, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Call this user otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameUser {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub id: UserId,
    /// Which versions may be changed.
    pub precondition: Precondition,
    /// What the user is called from now on; `None` for the same as before.
    pub name: Option<PersonName>,
}

/// Why a user was not renamed.
#[derive(Debug, thiserror::Error)]
pub enum RenameUserError {
    /// There is no such user.
    #[error("there is no user {0}")]
    NotFound(UserId),
    /// It has changed meanwhile.
    #[error(transparent)]
    Conflict(#[from] VersionConflict),
    /// The user does not allow it.
    #[error(transparent)]
    Refused(#[from] UserClosed),
    /// The national id cannot be opened, so that the user cannot be shown.
    #[error("the national id cannot be opened")]
    Seal(#[from] SealError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Renames users.
pub struct RenameUserHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    seal: Arc<dyn PersonalDataSeal>,
}

impl RenameUserHandler {
    /// A handler on these ports.
    pub fn new(
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        seal: Arc<dyn PersonalDataSeal>,
    ) -> Self {
        Self { clock, ids, seal }
    }
}

impl CommandHandler<RenameUser> for RenameUserHandler {
    type Output = ShownUser;
    type Error = RenameUserError;

    const NAME: &'static str = "rename_user";

    async fn handle(
        &self,
        command: &RenameUser,
        uow: &mut dyn UnitOfWork,
    ) -> Result<ShownUser, RenameUserError> {
        let organization_id = command.caller.organization_id;
        let found = uow
            .users()
            .find_for_update(organization_id, command.id)
            .await?;
        let mut user = found.ok_or(RenameUserError::NotFound(command.id))?;
        command.precondition.check(user.facts().version)?;

        let before = &user.facts().registration.name;
        let name = command.name.as_ref().unwrap_or(before).clone();
        user.rename(name, self.clock.now())?;

        uow.users().update(&user).await?;
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut user, uow).await?;
        Ok(ShownUser::of(user.facts(), self.seal.as_ref())?)
    }
}

#[cfg(test)]
mod tests;
