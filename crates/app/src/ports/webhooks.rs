//! Stored webhook endpoints.

use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, WebhookId, WebhookReplayId},
    webhooks::{DeliveryFacts, EventTypes, Webhook, WebhookFacts},
};
use jiff::Timestamp;

use super::StorageError;
use crate::{
    events::EventPosition,
    paging::{Listing, Window},
};

/// The endpoints, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait WebhookRepository: Send {
    /// Finds one that is not deleted and keeps others from changing it until the transaction ends.
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: WebhookId,
    ) -> Result<Option<Webhook>, StorageError>;

    /// Stores a new one.
    async fn insert(&mut self, webhook: &Webhook) -> Result<(), StorageError>;

    /// Stores what changed in a loaded one. What waits for one that is enabled MUST be looked at soon. Since when there have
    /// been failures only MUST be kept, unless it has begun anew.
    async fn update(&mut self, webhook: &Webhook) -> Result<(), StorageError>;
}

/// An endpoint that gets something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscriber {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Which one.
    pub webhook_id: WebhookId,
    /// What it gets.
    pub event_types: EventTypes,
}

/// Events of the past that are being delivered again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookReplay {
    /// Which one.
    pub id: WebhookReplayId,
    /// To whom, and what of it.
    pub to: Subscriber,
    /// From when on.
    pub since: Timestamp,
    /// Until when: when it was asked for.
    pub until: Timestamp,
    /// How far it has come.
    pub position: EventPosition,
}

/// The endpoints and what was sent to them, for reading.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait WebhookQueries: Send + Sync {
    /// Finds one that is not deleted.
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: WebhookId,
    ) -> Result<Option<WebhookFacts>, StorageError>;

    /// Those that are not deleted, newest first.
    async fn list(
        &self,
        organization_id: OrganizationId,
        window: Window,
    ) -> Result<Listing<WebhookFacts>, StorageError>;

    /// What was and is to be sent to one, newest first.
    async fn list_deliveries(
        &self,
        webhook_id: WebhookId,
        window: Window,
    ) -> Result<Listing<DeliveryFacts>, StorageError>;

    /// The enabled ones of these organizations. MUST cost nearly nothing for organizations that have none.
    async fn list_subscribers(
        &self,
        organizations: &[OrganizationId],
    ) -> Result<Vec<Subscriber>, StorageError>;

    /// The replay that was begun first and is not at its end.
    async fn find_unfinished_replay(&self) -> Result<Option<WebhookReplay>, StorageError>;
}
