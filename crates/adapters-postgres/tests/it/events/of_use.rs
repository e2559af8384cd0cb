//! Groups that can do nothing with most events are not brought them.

use std::time::Duration;

use app::{
    ports::{AggregateKind, ConsumerGroup, EventSource, UseFor},
    testing::ORGANIZATION,
};

use super::{GROUP, event, place_all, source, steps};
use crate::support::World;

const NO_WAIT: Duration = Duration::ZERO;

#[tokio::test]
async fn events_of_organizations_without_an_enabled_endpoint_are_left_out() {
    let world = World::new().await;
    let admin = world.admin().await;
    let listeners = ConsumerGroup {
        use_for: UseFor::OrganizationsThatListen,
        ..GROUP
    };
    let mut reader = source(&world).subscribe(listeners).await.unwrap();
    let endpoint = format!(
        "INSERT INTO webhooks (id, organization_id, url, event_types, metadata, secret_sealed, created_at, updated_at, version)
         VALUES (gen_random_uuid(), '{ORGANIZATION}', 'https://example.com', '{{*}}', '{{}}', '', now(), now(), 1);"
    );

    let mut received = Vec::new();
    let disabled = "UPDATE webhooks SET disabled_reason = 'requested', disabled_at = now();";
    for (change, invoice) in [("", 1), (endpoint.as_str(), 2), (disabled, 3)] {
        admin.run(&(change.to_owned() + &event(invoice, 1))).await;
        place_all(&world).await;
        received.extend(reader.receive(10, NO_WAIT).await.unwrap());
        reader.acknowledge().await.unwrap();
    }

    assert_eq!(steps(&received), [(2, 1)]);
}

#[tokio::test]
async fn events_of_payments_and_refunds_that_wait_for_nobody_are_left_out() {
    let world = World::new().await;
    let workers = ConsumerGroup {
        kinds: &[AggregateKind::Payment, AggregateKind::Refund],
        use_for: UseFor::WorkThatIsDue,
        ..GROUP
    };
    let mut reader = source(&world).subscribe(workers).await.unwrap();
    let of = |kind: &str, id| event(id, 1).replace("'invoice'", &format!("'{kind}'"));
    let events = of("payment", 1) + &of("payment", 2) + &of("refund", 3) + &of("refund", 4);

    let rows = payment(1, "pending")
        + &payment(2, "completed")
        + &refund(3, "pending")
        + &refund(4, "completed");
    world.admin().await.run(&(rows + &events)).await;
    place_all(&world).await;
    let received = reader.receive(10, NO_WAIT).await.unwrap();

    assert_eq!(steps(&received), [(1, 1), (3, 1)]);
}

/// When it is due and when it has ended, by its status.
const fn times(status: &str) -> &'static str {
    match status.as_bytes() {
        b"pending" => "now(), NULL",
        _ => "NULL, now()",
    }
}

fn payment(id: i64, status: &str) -> String {
    format!(
        "INSERT INTO payments (organization_id, id, payment_type, status, direction, provider, source_account_id,
                               amount_minor, currency, attempts, checks, due_at, ended_at, refunded_minor,
                               refunding_minor, created_at, updated_at, version)
         VALUES ('{ORGANIZATION}', lpad(to_hex({id}), 32, '0')::uuid, 'external_payment', '{status}', 'payout',
                 'simulator', gen_random_uuid(), 100, 'USD', 0, 0, {}, 0, 0, now(), now(), 1);",
        times(status)
    )
}

fn refund(id: i64, status: &str) -> String {
    format!(
        "INSERT INTO refunds (organization_id, id, payment_id, status, amount_minor, currency, metadata, attempts, checks,
                              due_at, ended_at, created_at, updated_at, version, provider)
         VALUES ('{ORGANIZATION}', lpad(to_hex({id}), 32, '0')::uuid, lpad(to_hex(2), 32, '0')::uuid, '{status}', 1,
                 'USD', '{{}}', 0, 0, {}, now(), now(), 1, 'simulator');",
        times(status)
    )
}
