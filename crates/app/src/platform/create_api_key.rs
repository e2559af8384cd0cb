//! Making an API key.

use std::sync::Arc;

use domain::{
    ids::ApiKeyId,
    platform::{ApiKey, ApiKeyFacts, ApiKeySecret, Grant, GrantExceeded, KeyName, Scopes},
    version::Version,
};
use jiff::Timestamp;

use super::{Caller, hash_of};
use crate::{
    events::Recorder,
    ports::{Clock, IdGenerator, SecretGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Make a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateApiKey {
    /// For whom.
    pub caller: Caller,
    /// What the caller's own key has; `None` at the command line, which may do everything.
    pub granted_by: Option<Grant>,
    /// What it is to be called.
    pub name: KeyName,
    /// What it is to be allowed.
    pub scopes: Scopes,
    /// When it is to end.
    pub expires_at: Option<Timestamp>,
}

/// A key, with the secret that is shown this once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApiKey {
    /// The key.
    pub facts: ApiKeyFacts,
    /// The secret.
    pub secret: ApiKeySecret,
}

/// Why a key was not made.
#[derive(Debug, thiserror::Error)]
pub enum CreateApiKeyError {
    /// It would have more than its maker.
    #[error(transparent)]
    Refused(#[from] GrantExceeded),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Makes keys.
pub struct CreateApiKeyHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    secrets: Arc<dyn SecretGenerator>,
}

impl CreateApiKeyHandler {
    /// A handler on these ports.
    pub fn new(
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        secrets: Arc<dyn SecretGenerator>,
    ) -> Self {
        Self {
            clock,
            ids,
            secrets,
        }
    }
}

impl CommandHandler<CreateApiKey> for CreateApiKeyHandler {
    type Output = NewApiKey;
    type Error = CreateApiKeyError;

    const NAME: &'static str = "create_api_key";

    async fn handle(
        &self,
        command: &CreateApiKey,
        uow: &mut dyn UnitOfWork,
    ) -> Result<NewApiKey, CreateApiKeyError> {
        let secret = self.secrets.new_key_secret();
        let facts = ApiKeyFacts {
            id: ApiKeyId::from_uuid(self.ids.new_id()),
            organization_id: command.caller.organization_id,
            name: command.name.clone(),
            scopes: command.scopes.clone(),
            shown_prefix: secret.shown_prefix().to_owned(),
            hash: hash_of(&secret),
            created_at: self.clock.now(),
            expires_at: command.expires_at,
            revoked_at: None,
            version: Version::FIRST,
        };
        let mut key = ApiKey::create(facts, command.granted_by.as_ref())?;

        uow.api_keys().insert(&key).await?;
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut key, uow).await?;
        let facts = key.facts().clone();
        Ok(NewApiKey { facts, secret })
    }
}

#[cfg(test)]
mod tests;
