//! Webhooks: events that are sent to addresses that clients name.

mod delivery;
mod network;
mod public_address;
mod reach;
mod schedule;
mod secret;
mod state;
mod url;
mod webhook;

pub use self::{
    delivery::{Attempt, AttemptOutcome, Delivery, DeliveryFacts, DeliveryState, SendFailure},
    network::{Network, NotANetwork},
    public_address::is_public,
    reach::Reach,
    schedule::{ATTEMPTS_MAX, GIVE_UP_AFTER, Jitter, is_hopeless, pause_after},
    secret::{FormerSecret, SealedSecret, SigningSecrets, WebhookSecret},
    state::{DisabledReason, WebhookState},
    url::WebhookUrl,
    webhook::{
        EventTypes, NewWebhook, Webhook, WebhookDescription, WebhookDisabled, WebhookEvent,
        WebhookFacts, WebhookGone, WebhookProfile,
    },
};
