//! From events to deliveries: each event to every endpoint of its organization that wants it.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use domain::ids::{OrganizationId, WebhookDeliveryId};
use tokio::sync::Notify;

use super::{
    enqueue_deliveries::{EnqueueDeliveries, EnqueueDeliveriesHandler},
    message::message_of,
};
use crate::{
    events::LoggedEvent,
    ports::{
        Clock, Delivered, EventSink, IdGenerator, NewDelivery, SinkUnavailable, Subscriber,
        WebhookMessage, WebhookQueries,
    },
    transaction::CommandBus,
};

/// The effect of the consumer `webhooks`. Organizations without endpoints cost their share of one query per batch.
pub struct WebhookFanOut {
    bus: CommandBus,
    handler: Arc<EnqueueDeliveriesHandler>,
    webhooks: Arc<dyn WebhookQueries>,
    ids: Arc<dyn IdGenerator>,
    news: Arc<Notify>,
}

impl WebhookFanOut {
    /// The effect over these ports. Whoever waits for `news` hears of every batch that made deliveries.
    pub fn new(
        bus: CommandBus,
        webhooks: Arc<dyn WebhookQueries>,
        (clock, ids): (Arc<dyn Clock>, Arc<dyn IdGenerator>),
        news: Arc<Notify>,
    ) -> Self {
        Self {
            bus,
            handler: Arc::new(EnqueueDeliveriesHandler::new(clock)),
            webhooks,
            ids,
            news,
        }
    }

    /// What an event becomes; nothing when nobody wants it.
    fn message(
        &self,
        logged: &LoggedEvent,
        subscribers: &[Subscriber],
    ) -> Result<Option<WebhookMessage>, serde_json::Error> {
        let event = &logged.event;
        let wants = |it: &&Subscriber| {
            it.organization_id == event.organization_id && it.event_types.include(&event.event_type)
        };
        let deliveries: Vec<_> = subscribers
            .iter()
            .filter(wants)
            .map(|it| NewDelivery {
                id: WebhookDeliveryId::from_uuid(self.ids.new_id()),
                webhook_id: it.webhook_id,
            })
            .collect();
        if deliveries.is_empty() {
            return Ok(None);
        }
        message_of(event, deliveries).map(Some)
    }
}

#[async_trait]
impl EventSink for WebhookFanOut {
    async fn deliver(&self, events: &[LoggedEvent]) -> Result<Vec<Delivered>, SinkUnavailable> {
        let organizations: BTreeSet<_> = events.iter().map(|it| it.event.organization_id).collect();
        let organizations: Vec<OrganizationId> = organizations.into_iter().collect();
        let found = self.webhooks.list_subscribers(&organizations).await;
        let subscribers = found.map_err(|why| SinkUnavailable::Away(Box::new(why)))?;
        let mut messages = Vec::new();
        let mut outcomes = Vec::with_capacity(events.len());
        for logged in events {
            outcomes.push(match self.message(logged, &subscribers) {
                Ok(message) => {
                    messages.extend(message);
                    Delivered::Taken
                }
                Err(why) => Delivered::Refused(format!("its data are no JSON: {why}")),
            });
        }
        if !messages.is_empty() {
            let command = EnqueueDeliveries { messages };
            let enqueued = self.bus.execute(self.handler.clone(), command).await;
            enqueued.map_err(|why| SinkUnavailable::Away(Box::new(why)))?;
            self.news.notify_one();
        }
        Ok(outcomes)
    }
}

#[cfg(test)]
mod tests;
