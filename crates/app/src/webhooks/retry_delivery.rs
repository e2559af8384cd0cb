//! Sending something again that was not, or not well, received.

use std::sync::Arc;

use domain::{
    ids::WebhookDeliveryId,
    webhooks::{DeliveryFacts, WebhookDisabled},
};

use crate::{
    platform::Caller,
    ports::{Clock, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Begin this delivery anew, whatever has come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryDelivery {
    /// For whom.
    pub caller: Caller,
    /// Which one.
    pub id: WebhookDeliveryId,
}

/// Why it does not begin anew.
#[derive(Debug, thiserror::Error)]
pub enum RetryDeliveryError {
    /// There is no such delivery, or its endpoint is no more.
    #[error("there is no delivery {0}")]
    NotFound(WebhookDeliveryId),
    /// The endpoint does not allow it.
    #[error(transparent)]
    Refused(#[from] WebhookDisabled),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Begins deliveries anew.
pub struct RetryDeliveryHandler {
    clock: Arc<dyn Clock>,
}

impl RetryDeliveryHandler {
    /// A handler on this port.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock }
    }
}

impl CommandHandler<RetryDelivery> for RetryDeliveryHandler {
    type Output = DeliveryFacts;
    type Error = RetryDeliveryError;

    const NAME: &'static str = "retry_webhook_delivery";

    async fn handle(
        &self,
        command: &RetryDelivery,
        uow: &mut dyn UnitOfWork,
    ) -> Result<DeliveryFacts, RetryDeliveryError> {
        let organization_id = command.caller.organization_id;
        let unknown = || RetryDeliveryError::NotFound(command.id);
        let found = uow
            .webhook_deliveries()
            .find_for_update(organization_id, command.id)
            .await?;
        let mut delivery = found.ok_or_else(unknown)?;
        let webhook_id = delivery.facts().webhook_id;
        let found = uow
            .webhooks()
            .find_for_update(organization_id, webhook_id)
            .await?;
        found.ok_or_else(unknown)?.check_enabled()?;

        delivery.begin_anew(self.clock.now());

        uow.webhook_deliveries().update(&delivery).await?;
        Ok(delivery.facts().clone())
    }
}

#[cfg(test)]
mod tests;
