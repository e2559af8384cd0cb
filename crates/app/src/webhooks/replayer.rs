//! Delivers events of the past again, a piece at a time, behind the back of whoever has asked for it.

use std::sync::Arc;

use domain::ids::WebhookDeliveryId;

use super::message::message_of;
use crate::{
    events::{EventPosition, LoggedEvent},
    paging::Limit,
    ports::{
        Clock, EventFilter, EventLog, IdGenerator, NewDelivery, StorageError, UnitOfWork,
        WebhookMessage, WebhookQueries, WebhookReplay,
    },
    transaction::{CommandBus, CommandHandler},
};

/// Works off replays. Any number may run at once: a piece that two have read is delivered by one of them.
pub struct WebhookReplayer {
    /// Runs the pieces.
    pub bus: CommandBus,
    /// Where the events are.
    pub log: Arc<dyn EventLog>,
    /// Where the replays are.
    pub webhooks: Arc<dyn WebhookQueries>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn IdGenerator>,
}

impl WebhookReplayer {
    /// Works off one piece of one replay, and tells whether there may be more.
    pub async fn step(&self) -> Result<bool, StorageError> {
        let Some(replay) = self.webhooks.find_unfinished_replay().await? else {
            return Ok(false);
        };
        let filter = EventFilter {
            types: replay.to.event_types.patterns().to_vec(),
            from: Some(replay.since),
            to: Some(replay.until),
            ..EventFilter::default()
        };
        let limit = Limit::new(i64::from(Limit::MAX)).unwrap_or_default();
        let page = self
            .log
            .list_events(replay.to.organization_id, &filter, replay.position, limit)
            .await?;
        let messages = page
            .events
            .iter()
            .filter_map(|it| self.message(it, &replay));
        let piece = ReplayPiece {
            messages: messages.collect(),
            end: page.has_more.then_some(page.end),
            replay,
        };
        let handler = ReplayPieceHandler {
            clock: self.clock.clone(),
        };
        self.bus.execute(Arc::new(handler), piece).await?;
        Ok(true)
    }

    /// What an event becomes. One that cannot be spelt is held back from everybody, and not for this replay to tell.
    fn message(&self, logged: &LoggedEvent, replay: &WebhookReplay) -> Option<WebhookMessage> {
        let delivery = NewDelivery {
            id: WebhookDeliveryId::from_uuid(self.ids.new_id()),
            webhook_id: replay.to.webhook_id,
        };
        message_of(&logged.event, vec![delivery]).ok()
    }
}

/// A piece of a replay.
struct ReplayPiece {
    replay: WebhookReplay,
    messages: Vec<WebhookMessage>,
    /// Where to go on; `None` at the end.
    end: Option<EventPosition>,
}

struct ReplayPieceHandler {
    clock: Arc<dyn Clock>,
}

impl CommandHandler<ReplayPiece> for ReplayPieceHandler {
    type Output = ();
    type Error = StorageError;

    const NAME: &'static str = "replay_webhook_piece";

    async fn handle(
        &self,
        piece: &ReplayPiece,
        uow: &mut dyn UnitOfWork,
    ) -> Result<(), StorageError> {
        let (deliveries, replay) = (uow.webhook_deliveries(), &piece.replay);
        let advanced = deliveries
            .advance_replay(replay.id, replay.position, piece.end)
            .await?;
        if advanced && !piece.messages.is_empty() {
            let now = self.clock.now();
            deliveries.enqueue_again(&piece.messages, now).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
