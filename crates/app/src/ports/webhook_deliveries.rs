//! What is sent to webhook endpoints.

use async_trait::async_trait;
use domain::{
    ids::{EventId, OrganizationId, WebhookDeliveryId, WebhookId, WebhookReplayId},
    webhooks::Delivery,
};
use jiff::Timestamp;

use super::StorageError;
use crate::events::EventPosition;

/// A delivery that is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewDelivery {
    /// Which one, unless the same event was delivered to the same endpoint before: then it is that one.
    pub id: WebhookDeliveryId,
    /// To which endpoint.
    pub webhook_id: WebhookId,
}

/// An event, and whom it is sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookMessage {
    /// Which event.
    pub event_id: EventId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// Its type.
    pub event_type: String,
    /// What is sent, byte for byte: the signature is over it.
    pub body: String,
    /// To whom.
    pub deliveries: Vec<NewDelivery>,
}

/// A replay that is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewReplay {
    /// Which one.
    pub id: WebhookReplayId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// To which endpoint.
    pub webhook_id: WebhookId,
    /// From when on.
    pub since: Timestamp,
}

/// The deliveries, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait WebhookDeliveries: Send {
    /// Makes deliveries that are due now. One that is there already MUST stay as it is.
    async fn enqueue(
        &mut self,
        messages: &[WebhookMessage],
        now: Timestamp,
    ) -> Result<(), StorageError>;

    /// The same, but one that is there already MUST begin anew.
    async fn enqueue_again(
        &mut self,
        messages: &[WebhookMessage],
        now: Timestamp,
    ) -> Result<(), StorageError>;

    /// Finds one of an organization and keeps others from changing it until the transaction ends.
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: WebhookDeliveryId,
    ) -> Result<Option<Delivery>, StorageError>;

    /// Stores what changed in a loaded one. One that is due MUST be looked at soon.
    async fn update(&mut self, delivery: &Delivery) -> Result<(), StorageError>;

    /// Makes a replay that begins with the first event.
    async fn begin_replay(&mut self, replay: NewReplay, now: Timestamp)
    -> Result<(), StorageError>;

    /// Moves a replay on, or ends it (`None`), unless it is not at `from` any more. Tells whether it was.
    async fn advance_replay(
        &mut self,
        id: WebhookReplayId,
        from: EventPosition,
        to: Option<EventPosition>,
    ) -> Result<bool, StorageError>;
}
