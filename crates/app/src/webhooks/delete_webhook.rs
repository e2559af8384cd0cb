//! Deleting a webhook endpoint.

use std::sync::Arc;

use domain::{
    ids::WebhookId,
    version::{Precondition, VersionConflict},
    webhooks::WebhookGone,
};

use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// End this endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteWebhook {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub id: WebhookId,
    /// Which versions may be deleted.
    pub precondition: Precondition,
}

/// Why an endpoint was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteWebhookError {
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

/// Deletes endpoints.
pub struct DeleteWebhookHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl DeleteWebhookHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<DeleteWebhook> for DeleteWebhookHandler {
    type Output = ();
    type Error = DeleteWebhookError;

    const NAME: &'static str = "delete_webhook";

    async fn handle(
        &self,
        command: &DeleteWebhook,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), DeleteWebhookError> {
        let organization_id = command.caller.organization_id;
        let found = uow
            .webhooks()
            .find_for_update(organization_id, command.id)
            .await?;
        let mut webhook = found.ok_or(DeleteWebhookError::NotFound(command.id))?;
        command.precondition.check(webhook.facts().version)?;

        webhook.delete(self.clock.now())?;

        uow.webhooks().update(&webhook).await?;
        let recorder = Recorder::new(&command.caller, self.ids.as_ref());
        recorder.record(&mut webhook, uow).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
