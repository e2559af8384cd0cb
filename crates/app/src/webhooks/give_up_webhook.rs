//! Disabling a webhook endpoint that wants nothing more, or that nothing reaches.

use std::sync::Arc;

use domain::{
    actor::Actor,
    ids::{OrganizationId, WebhookId},
    version::Version,
    webhooks::DisabledReason,
};

use super::WEBHOOKS_ROLE;
use crate::{
    events::Recorder,
    platform::Caller,
    ports::{Clock, IdGenerator, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Disable this endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GiveUpWebhook {
    /// Whose.
    pub(super) organization_id: OrganizationId,
    /// Which one.
    pub(super) id: WebhookId,
    /// As it was when something was sent to it.
    pub(super) seen: Version,
    /// Why.
    pub(super) reason: DisabledReason,
}

/// Disables endpoints.
pub(super) struct GiveUpWebhookHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl GiveUpWebhookHandler {
    pub(super) fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<GiveUpWebhook> for GiveUpWebhookHandler {
    /// Whether that is news.
    type Output = bool;
    type Error = StorageError;

    const NAME: &'static str = "give_up_webhook";

    async fn handle(
        &self,
        command: &GiveUpWebhook,
        uow: &mut dyn UnitOfWork,
    ) -> Result<bool, StorageError> {
        let found = uow
            .webhooks()
            .find_for_update(command.organization_id, command.id)
            .await?;
        let Some(mut webhook) = found else {
            return Ok(false);
        };
        if !webhook.give_up(command.reason, command.seen, self.clock.now()) {
            return Ok(false);
        }
        uow.webhooks().update(&webhook).await?;
        let caller = Caller {
            organization_id: command.organization_id,
            actor: Actor::Role(WEBHOOKS_ROLE),
        };
        let recorder = Recorder::new(&caller, self.ids.as_ref());
        recorder.record(&mut webhook, uow).await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
