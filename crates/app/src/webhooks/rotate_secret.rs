//! Giving a webhook endpoint a new secret.

use std::sync::Arc;

use domain::{ids::WebhookId, webhooks::WebhookGone};

use super::WebhookWithSecret;
use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, SecretSeal, StorageError, UnitOfWork, WebhookSecretGenerator},
    transaction::CommandHandler,
};

/// Give this endpoint a new secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RotateSecret {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub id: WebhookId,
}

/// Why an endpoint got no new secret.
#[derive(Debug, thiserror::Error)]
pub enum RotateSecretError {
    /// There is no such endpoint.
    #[error("there is no webhook {0}")]
    NotFound(WebhookId),
    /// The endpoint does not allow it.
    #[error(transparent)]
    Refused(#[from] WebhookGone),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Rotates secrets.
pub struct RotateSecretHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    secrets: Arc<dyn WebhookSecretGenerator>,
    seal: Arc<dyn SecretSeal>,
}

impl RotateSecretHandler {
    /// A handler on these ports.
    pub fn new(
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdGenerator>,
        secrets: Arc<dyn WebhookSecretGenerator>,
        seal: Arc<dyn SecretSeal>,
    ) -> Self {
        Self {
            clock,
            ids,
            secrets,
            seal,
        }
    }
}

impl CommandHandler<RotateSecret> for RotateSecretHandler {
    type Output = WebhookWithSecret;
    type Error = RotateSecretError;

    const NAME: &'static str = "rotate_webhook_secret";

    async fn handle(
        &self,
        command: &RotateSecret,
        uow: &mut dyn UnitOfWork,
    ) -> Result<WebhookWithSecret, RotateSecretError> {
        let organization_id = command.caller.organization_id;
        let found = uow
            .webhooks()
            .find_for_update(organization_id, command.id)
            .await?;
        let mut webhook = found.ok_or(RotateSecretError::NotFound(command.id))?;

        let secret = self.secrets.new_webhook_secret();
        let sealed = self.seal.seal(command.id, &secret);
        webhook.rotate_secret(sealed.map_err(StorageError::from)?, self.clock.now())?;

        uow.webhooks().update(&webhook).await?;
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut webhook, uow).await?;
        let facts = webhook.facts().clone();
        Ok(WebhookWithSecret { facts, secret })
    }
}

#[cfg(test)]
mod tests;
