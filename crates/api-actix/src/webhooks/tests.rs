//! The endpoints of this context, seen from outside.

mod change;
mod create;
mod deliveries;
mod faults;
mod read;

use app::{ports::MockWebhookQueries, testing::stored_webhook};
use domain::webhooks::{DisabledReason, Webhook};
use serde_json::{Value, json};

use crate::testing::Bench;

const WEBHOOKS: &str = "/api/v1/webhooks";
const WEBHOOK_PATH: &str = "/api/v1/webhooks/00000000-0000-0000-0000-000000000008";
const DELIVERIES_PATH: &str = "/api/v1/webhooks/00000000-0000-0000-0000-000000000008/deliveries";

/// The stored endpoint as it is answered.
fn shown() -> Value {
    json!({
        "id": "00000000-0000-0000-0000-000000000008",
        "url": "https://shop.example/hooks",
        "event_types": ["invoice.*"],
        "description": null,
        "enabled": true,
        "disabled_reason": null,
        "disabled_at": null,
        "former_secret_until": null,
        "metadata": {},
        "created_at": "2026-11-20T12:00:00.000000Z",
        "updated_at": "2026-11-20T12:00:00.000000Z",
        "version": 1,
    })
}

/// The same, with these members changed.
fn changed(mut body: Value, changes: Value) -> Value {
    let (Value::Object(members), Value::Object(changes)) = (&mut body, changes) else {
        panic!("objects");
    };
    members.extend(changes);
    body
}

fn disabled() -> Webhook {
    let mut webhook = stored_webhook();
    let now = webhook.facts().created_at;
    webhook.give_up(DisabledReason::Gone, webhook.facts().version, now);
    webhook.take_events();
    webhook
}

/// Reads through these queries.
fn reading(queries: MockWebhookQueries) -> Bench {
    Bench::new().with(|parts| parts.webhooks.queries = std::sync::Arc::new(queries))
}
