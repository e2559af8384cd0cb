//! Webhooks.

use domain::webhooks::WebhookFacts;
use rstest::rstest;

use super::{super::*, data, spelt};
use crate::testing::{WEBHOOK, stored_webhook};

#[rstest]
#[case::made(WebhookEvent::Created, "webhook.created")]
#[case::changed(WebhookEvent::Updated, "webhook.updated")]
#[case::with_a_new_secret(WebhookEvent::SecretRotated, "webhook.secret_rotated")]
#[case::given_up(WebhookEvent::Disabled, "webhook.disabled")]
#[case::deleted(WebhookEvent::Deleted, "webhook.deleted")]
fn a_webhook_is_told_without_what_signs_for_it(
    #[case] event: fn(WebhookFacts) -> WebhookEvent,
    #[case] event_type: &str,
) {
    let facts = stored_webhook().facts().clone();

    let event = spelt(Happening::Webhook(event(facts)));

    let data = data(&event);
    let told = data.as_object().unwrap().keys();
    let secrets: Vec<_> = told.filter(|it| it.contains("secret")).collect();
    assert_eq!(secrets, ["former_secret_until"]);
    assert_eq!(event.event_type, event_type);
    assert_eq!(event.touched.id, WEBHOOK.as_uuid());
    assert_eq!(data["url"], "https://shop.example/hooks");
}
