//! Making many deliveries with one statement.

use std::sync::LazyLock;

use app::ports::WebhookMessage;
use jiff::Timestamp;
use uuid::Uuid;

use crate::unit_of_work::OwnedParam;

/// `{conflict}` is what becomes of a delivery that is there already. Lanes are locked in the order of their ids, so that two
/// who enqueue do not wait for each other.
const TEMPLATE: &str = "
    WITH messages AS (
        INSERT INTO webhook_messages (event_id, body, created_at)
        SELECT event_id, body, $3 FROM unnest($1::uuid[], $2::text[]) AS m (event_id, body)
        ON CONFLICT DO NOTHING
    ), deliveries AS (
        INSERT INTO webhook_deliveries AS d (id, organization_id, webhook_id, event_id, event_type, state, attempts,
                                             next_attempt_at, created_at)
        SELECT id, organization_id, webhook_id, event_id, event_type, 'pending', 0, $3, $3
          FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::text[])
            AS n (id, organization_id, webhook_id, event_id, event_type)
        ON CONFLICT (webhook_id, event_id) {conflict}
        RETURNING webhook_id
    )
    INSERT INTO webhook_lanes AS l (webhook_id, due_at, arrivals)
    SELECT DISTINCT webhook_id, $3::timestamptz, 1 FROM deliveries ORDER BY webhook_id
    ON CONFLICT (webhook_id) DO UPDATE
       SET due_at = LEAST(l.due_at, excluded.due_at), arrivals = l.arrivals + 1";

pub(super) static ENQUEUE: LazyLock<String> =
    LazyLock::new(|| TEMPLATE.replace("{conflict}", "DO NOTHING"));

pub(super) static ENQUEUE_AGAIN: LazyLock<String> = LazyLock::new(|| {
    let anew =
        "DO UPDATE SET state = 'pending', attempts = 0, next_attempt_at = excluded.next_attempt_at";
    TEMPLATE.replace("{conflict}", anew)
});

/// The values of either statement.
pub(super) fn params(messages: &[WebhookMessage], now: Timestamp) -> Vec<OwnedParam> {
    let event_ids: Vec<Uuid> = messages.iter().map(|it| it.event_id.as_uuid()).collect();
    let bodies: Vec<String> = messages.iter().map(|it| it.body.clone()).collect();
    let (mut ids, mut organizations) = (Vec::new(), Vec::new());
    let (mut webhooks, mut events, mut types) = (Vec::new(), Vec::new(), Vec::new());
    for message in messages {
        for delivery in &message.deliveries {
            ids.push(delivery.id.as_uuid());
            organizations.push(message.organization_id.as_uuid());
            webhooks.push(delivery.webhook_id.as_uuid());
            events.push(message.event_id.as_uuid());
            types.push(message.event_type.clone());
        }
    }
    vec![
        Box::new(event_ids),
        Box::new(bodies),
        Box::new(now),
        Box::new(ids),
        Box::new(organizations),
        Box::new(webhooks),
        Box::new(events),
        Box::new(types),
    ]
}
