//! Ending an API key.

use std::sync::Arc;

use domain::{
    ids::ApiKeyId,
    platform::KeyRevoked,
    version::{Precondition, VersionConflict},
};

use super::Caller;
use crate::{
    events::Recorder,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// End this key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokeApiKey {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub id: ApiKeyId,
    /// Which versions may be ended.
    pub precondition: Precondition,
}

/// Why a key was not ended.
#[derive(Debug, thiserror::Error)]
pub enum RevokeApiKeyError {
    /// There is no such key.
    #[error("there is no API key {0}")]
    NotFound(ApiKeyId),
    /// It has changed meanwhile.
    #[error(transparent)]
    Conflict(#[from] VersionConflict),
    /// The key does not allow it.
    #[error(transparent)]
    Refused(#[from] KeyRevoked),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Ends keys.
pub struct RevokeApiKeyHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl RevokeApiKeyHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<RevokeApiKey> for RevokeApiKeyHandler {
    type Output = ();
    type Error = RevokeApiKeyError;

    const NAME: &'static str = "revoke_api_key";

    async fn handle(
        &self,
        command: &RevokeApiKey,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), RevokeApiKeyError> {
        let organization_id = command.caller.organization_id;
        let keys = uow.api_keys();
        let found = keys.find_for_update(organization_id, command.id).await?;
        let mut key = found.ok_or(RevokeApiKeyError::NotFound(command.id))?;
        command.precondition.check(key.facts().version)?;

        key.revoke(self.clock.now())?;

        uow.api_keys().update(&key).await?;
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut key, uow).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
