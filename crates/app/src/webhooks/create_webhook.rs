//! Making a webhook endpoint.

use std::sync::Arc;

use domain::{
    ids::WebhookId,
    webhooks::{NewWebhook, Webhook, WebhookFacts, WebhookProfile, WebhookSecret},
};

use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, SecretSeal, StorageError, UnitOfWork, WebhookSecretGenerator},
    transaction::CommandHandler,
};

/// Make an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateWebhook {
    /// For whom.
    pub caller: Caller,
    /// What is known of it.
    pub profile: WebhookProfile,
    /// Whether it gets anything from the start.
    pub is_enabled: bool,
}

/// An endpoint, with a secret that is shown this once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookWithSecret {
    /// The endpoint.
    pub facts: WebhookFacts,
    /// The secret.
    pub secret: WebhookSecret,
}

/// Why an endpoint was not made.
#[derive(Debug, thiserror::Error)]
pub enum CreateWebhookError {
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Makes endpoints.
pub struct CreateWebhookHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
    secrets: Arc<dyn WebhookSecretGenerator>,
    seal: Arc<dyn SecretSeal>,
}

impl CreateWebhookHandler {
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

impl CommandHandler<CreateWebhook> for CreateWebhookHandler {
    type Output = WebhookWithSecret;
    type Error = CreateWebhookError;

    const NAME: &'static str = "create_webhook";

    async fn handle(
        &self,
        command: &CreateWebhook,
        uow: &mut dyn UnitOfWork,
    ) -> Result<WebhookWithSecret, CreateWebhookError> {
        let id = WebhookId::from_uuid(self.ids.new_id());
        let secret = self.secrets.new_webhook_secret();
        let new = NewWebhook {
            id,
            organization_id: command.caller.organization_id,
            profile: command.profile.clone(),
            is_enabled: command.is_enabled,
            secret: self.seal.seal(id, &secret).map_err(StorageError::from)?,
        };
        let mut webhook = Webhook::register(new, self.clock.now());

        uow.webhooks().insert(&webhook).await?;
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut webhook, uow).await?;
        let facts = webhook.facts().clone();
        Ok(WebhookWithSecret { facts, secret })
    }
}

#[cfg(test)]
mod tests;
