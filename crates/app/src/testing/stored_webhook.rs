//! A webhook endpoint as it is stored.

use domain::{
    event::TypePattern,
    ids::{EventId, WebhookDeliveryId, WebhookId},
    values::Metadata,
    version::Version,
    webhooks::{
        Delivery, DeliveryFacts, DeliveryState, EventTypes, Reach, SealedSecret, SigningSecrets,
        Webhook, WebhookFacts, WebhookProfile, WebhookState, WebhookUrl,
    },
};
use uuid::Uuid;

use super::{NOW, ORGANIZATION, builders::valid};

/// Its id.
pub const WEBHOOK: WebhookId = WebhookId::from_uuid(Uuid::from_u128(8));

/// The id of its delivery.
pub const DELIVERY: WebhookDeliveryId = WebhookDeliveryId::from_uuid(Uuid::from_u128(9));

/// An endpoint that gets events of these types.
///
/// # Panics
/// When one of them is no pattern.
pub fn webhook_profile(types: &[&str]) -> WebhookProfile {
    let patterns = types
        .iter()
        .map(|it| TypePattern::parse(it).expect("a pattern"));
    WebhookProfile {
        url: valid(WebhookUrl::parse(
            "https://shop.example/hooks",
            &Reach::default(),
        )),
        event_types: valid(EventTypes::new(patterns)),
        description: None,
        metadata: Metadata::default(),
    }
}

/// An enabled endpoint of version 1 that gets `invoice.*`.
///
/// # Panics
/// Never.
pub fn stored_webhook() -> Webhook {
    let now = NOW.parse().expect("an instant");
    Webhook::restore(WebhookFacts {
        id: WEBHOOK,
        organization_id: ORGANIZATION,
        profile: webhook_profile(&["invoice.*"]),
        state: WebhookState::Enabled,
        secrets: SigningSecrets::first(SealedSecret(vec![7; 32])),
        created_at: now,
        updated_at: now,
        deleted_at: None,
        version: Version::FIRST,
    })
}

/// A delivery to [`WEBHOOK`] that is due and was never tried.
///
/// # Panics
/// Never.
pub fn stored_delivery() -> Delivery {
    let now = NOW.parse().expect("an instant");
    Delivery::restore(DeliveryFacts {
        id: DELIVERY,
        organization_id: ORGANIZATION,
        webhook_id: WEBHOOK,
        event_id: EventId::from_uuid(Uuid::from_u128(10)),
        event_type: "invoice.sent".to_owned(),
        state: DeliveryState::Pending {
            next_attempt_at: now,
        },
        attempts: 0,
        last_attempt: None,
        created_at: now,
    })
}
