//! Changing a webhook endpoint.

use std::sync::Arc;

use domain::{
    ids::WebhookId,
    version::{Precondition, VersionConflict},
    webhooks::{WebhookFacts, WebhookGone},
};

use super::WebhookChanges;
use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Change this endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviseWebhook {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub id: WebhookId,
    /// Which versions may be changed.
    pub precondition: Precondition,
    /// What is to be different.
    pub changes: WebhookChanges,
}

/// Why an endpoint was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ReviseWebhookError {
    /// There is no such endpoint.
    #[error("there is no webhook {0}")]
    NotFound(WebhookId),
    /// It has changed meanwhile.
    #[error(transparent)]
    Conflict(#[from] VersionConflict),
    /// The endpoint does not allow it.
    #[error(transparent)]
    Refused(#[from] WebhookGone),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Changes endpoints.
pub struct ReviseWebhookHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl ReviseWebhookHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<ReviseWebhook> for ReviseWebhookHandler {
    type Output = WebhookFacts;
    type Error = ReviseWebhookError;

    const NAME: &'static str = "revise_webhook";

    async fn handle(
        &self,
        command: &ReviseWebhook,
        uow: &mut dyn UnitOfWork,
    ) -> Result<WebhookFacts, ReviseWebhookError> {
        let organization_id = command.caller.organization_id;
        let found = uow
            .webhooks()
            .find_for_update(organization_id, command.id)
            .await?;
        let mut webhook = found.ok_or(ReviseWebhookError::NotFound(command.id))?;
        command.precondition.check(webhook.facts().version)?;

        let changes = &command.changes;
        let profile = changes.apply_to(&webhook.facts().profile);
        let is_enabled = changes
            .is_enabled
            .unwrap_or(webhook.facts().state.is_enabled());
        webhook.revise(profile, is_enabled, self.clock.now())?;

        uow.webhooks().update(&webhook).await?;
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut webhook, uow).await?;
        Ok(webhook.facts().clone())
    }
}

#[cfg(test)]
mod tests;
