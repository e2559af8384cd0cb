//! Asking for events of the past to be delivered again.

use std::sync::Arc;

use domain::{
    ids::{WebhookId, WebhookReplayId},
    webhooks::WebhookDisabled,
};
use jiff::Timestamp;

use crate::{
    platform::Caller,
    ports::{Clock, IdGenerator, NewReplay, StorageError, UnitOfWork},
    transaction::CommandHandler,
};

/// Deliver to this endpoint again what happened since then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayEvents {
    /// For whom.
    pub caller: Caller,
    /// To which endpoint.
    pub id: WebhookId,
    /// From when on.
    pub since: Timestamp,
}

/// A replay that goes on in the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplayRequested {
    /// The replay.
    pub replay: NewReplay,
    /// When it was asked for: what happens later is delivered anyway.
    pub requested_at: Timestamp,
}

/// Why nothing is replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayEventsError {
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

/// Begins replays.
pub struct ReplayEventsHandler {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl ReplayEventsHandler {
    /// A handler on these ports.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<dyn IdGenerator>) -> Self {
        Self { clock, ids }
    }
}

impl CommandHandler<ReplayEvents> for ReplayEventsHandler {
    type Output = ReplayRequested;
    type Error = ReplayEventsError;

    const NAME: &'static str = "replay_webhook_events";

    async fn handle(
        &self,
        command: &ReplayEvents,
        uow: &mut dyn UnitOfWork,
    ) -> Result<ReplayRequested, ReplayEventsError> {
        let organization_id = command.caller.organization_id;
        let found = uow
            .webhooks()
            .find_for_update(organization_id, command.id)
            .await?;
        let webhook = found.ok_or(ReplayEventsError::NotFound(command.id))?;
        webhook.check_enabled()?;

        let requested_at = self.clock.now();
        let replay = NewReplay {
            id: WebhookReplayId::from_uuid(self.ids.new_id()),
            organization_id,
            webhook_id: command.id,
            since: command.since,
        };
        uow.webhook_deliveries()
            .begin_replay(replay, requested_at)
            .await?;
        Ok(ReplayRequested {
            replay,
            requested_at,
        })
    }
}

#[cfg(test)]
mod tests;
