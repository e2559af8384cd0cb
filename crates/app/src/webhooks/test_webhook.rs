//! Sending something to a webhook endpoint to see whether it arrives.

use std::sync::Arc;

use domain::{
    ids::{EventId, WebhookDeliveryId, WebhookId},
    webhooks::{DeliveryFacts, DeliveryState, WebhookDisabled},
};

use super::message::{message_of, test_event};
use crate::{
    platform::Caller,
    ports::{Clock, IdGenerator, NewDelivery, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Send a test event to this endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestWebhook {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub id: WebhookId,
}

/// Why nothing is sent.
#[derive(Debug, thiserror::Error)]
pub enum TestWebhookError {
    /// There is no such endpoint.
    #[error("there is no webhook {0}")]
    NotFound(WebhookId),
    /// The endpoint does not allow it.
    #[error(transparent)]
    Refused(#[from] WebhookDisabled),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Makes deliveries of an event that is in no log.
pub struct TestWebhookHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl TestWebhookHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<TestWebhook> for TestWebhookHandler {
    type Output = DeliveryFacts;
    type Error = TestWebhookError;

    const NAME: &'static str = "test_webhook";

    async fn handle(
        &self,
        command: &TestWebhook,
        uow: &mut dyn UnitOfWork,
    ) -> Result<DeliveryFacts, TestWebhookError> {
        let organization_id = command.caller.organization_id;
        let found = uow
            .webhooks()
            .find_for_update(organization_id, command.id)
            .await?;
        let webhook = found.ok_or(TestWebhookError::NotFound(command.id))?;
        webhook.check_enabled()?;

        let now = self.clock.now();
        let event_id = EventId::from_uuid(self.ids.new_id());
        let event = test_event(event_id, webhook.facts(), now);
        let id = WebhookDeliveryId::from_uuid(self.ids.new_id());
        let webhook_id = command.id;
        let message = message_of(&event, vec![NewDelivery { id, webhook_id }]);
        let message = message.map_err(unspeakable)?;
        uow.webhook_deliveries().enqueue(&[message], now).await?;
        Ok(DeliveryFacts {
            id,
            organization_id,
            webhook_id,
            event_id,
            event_type: event.event_type,
            state: DeliveryState::Pending {
                next_attempt_at: now,
            },
            attempts: 0,
            last_attempt: None,
            created_at: now,
        })
    }
}

fn unspeakable(source: serde_json::Error) -> StorageError {
    StorageError::Corrupt {
        entity: "test event",
        source: Box::new(source),
    }
}

#[cfg(test)]
mod tests;
