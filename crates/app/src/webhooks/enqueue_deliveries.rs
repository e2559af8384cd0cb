//! Making the deliveries of a batch of events, once.

use std::sync::Arc;

use crate::{
    ports::{Clock, StorageError, UnitOfWork, WebhookMessage},
    transaction::CommandHandler,
};

use super::WEBHOOKS_ROLE;

/// Make these deliveries, but for events that were dealt with before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EnqueueDeliveries {
    /// The events, and whom they are sent to.
    pub(super) messages: Vec<WebhookMessage>,
}

/// Makes deliveries.
pub(super) struct EnqueueDeliveriesHandler {
    clock: Arc<dyn Clock>,
}

impl EnqueueDeliveriesHandler {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }
}

impl CommandHandler<EnqueueDeliveries> for EnqueueDeliveriesHandler {
    type Output = ();
    type Error = StorageError;

    const NAME: &'static str = "enqueue_webhook_deliveries";

    async fn handle(
        &self,
        command: &EnqueueDeliveries,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), StorageError> {
        let ids: Vec<_> = command.messages.iter().map(|it| it.event_id).collect();
        let new = uow.inbox().keep_new(WEBHOOKS_ROLE, &ids).await?;
        let messages: Vec<_> = command
            .messages
            .iter()
            .filter(|message| new.contains(&message.event_id))
            .cloned()
            .collect();
        if messages.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        uow.webhook_deliveries().enqueue(&messages, now).await
    }
}

#[cfg(test)]
mod tests;
