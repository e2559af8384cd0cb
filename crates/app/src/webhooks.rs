//! Webhooks: endpoints, what is sent to them, and sending it.

mod courier;
mod create_webhook;
mod delete_webhook;
mod enqueue_deliveries;
mod fan_out;
mod give_up_webhook;
mod message;
mod replay_events;
mod replayer;
mod retry_delivery;
mod revise_webhook;
mod rotate_secret;
mod test_webhook;
mod webhook_changes;
mod webhook_view;

pub use courier::{Courier, CourierLimits, CourierParts};
pub use create_webhook::{
    CreateWebhook, CreateWebhookError, CreateWebhookHandler, WebhookWithSecret,
};
pub use delete_webhook::{DeleteWebhook, DeleteWebhookError, DeleteWebhookHandler};
pub use fan_out::WebhookFanOut;
pub use replay_events::{ReplayEvents, ReplayEventsError, ReplayEventsHandler, ReplayRequested};
pub use replayer::WebhookReplayer;
pub use retry_delivery::{RetryDelivery, RetryDeliveryError, RetryDeliveryHandler};
pub use revise_webhook::{ReviseWebhook, ReviseWebhookError, ReviseWebhookHandler};
pub use rotate_secret::{RotateSecret, RotateSecretError, RotateSecretHandler};
pub use test_webhook::{TestWebhook, TestWebhookError, TestWebhookHandler};
pub use webhook_changes::WebhookChanges;
pub use webhook_view::WebhookView;

use crate::ports::{AggregateKind, ConsumerGroup, UseFor};

/// The consumer that makes deliveries: everything can be delivered.
pub const WEBHOOKS_GROUP: ConsumerGroup = ConsumerGroup {
    name: WEBHOOKS_ROLE,
    kinds: &AggregateKind::ALL,
    use_for: UseFor::OrganizationsThatListen,
};

/// What events call the role that sends webhooks, and what its consumer is called.
pub const WEBHOOKS_ROLE: &str = "webhooks";
