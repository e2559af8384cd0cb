//! Events of kinds that only a later release knows, while both releases run.

use serde_json::json;
use tests::{Database, Manner, Receiver, Setup, Tenant, customer, eventually};

/// In shard 1, of the organization that there is.
const LATER: &str = "
    INSERT INTO outbox (day, event_id, organization_id, aggregate_type, aggregate_id, aggregate_version, type, payload,
                        created_at)
    SELECT (now() AT TIME ZONE 'UTC')::date, gen_random_uuid(), id, 'later_kind', lpad('11', 32, '0')::uuid, 1,
           'later_kind.begun', '{}', now()
      FROM organizations";

/// The webhooks are done with all that comes before it, and nobody has its shard.
const LEFT: &str = "
    SELECT count(*) FROM event_readers AS r JOIN event_positions AS p ON p.shard = r.shard
     WHERE r.reader = 'webhooks' AND p.aggregate_type = 'later_kind' AND r.position = p.position - 1 AND r.member IS NULL";

#[tokio::test]
async fn they_are_in_the_feed_and_wait_for_who_knows_them() {
    let database = Database::fresh().await;
    let service = Setup::on(&database).reaching_home().start().await;
    let client = Tenant::on(&database).await.at(&service);
    let receiver = Receiver::start(Manner::Answers("204 No Content")).await;
    let webhook = json!({"url": receiver.url(), "event_types": ["customer.*", "later_kind.*"]});
    client.create("/webhooks", &webhook).await;

    let written = database.connect().await.batch_execute(LATER).await;
    written.unwrap();
    let mut customers = 0;
    eventually("others are told of, and it is left", async || {
        client.create("/customers", &customer()).await;
        customers += 1;
        let is_left = database.count(LEFT, &[]).await == 1;
        (is_left && !receiver.received().is_empty()).then_some(())
    })
    .await;

    let feed = client.get("/events?type=later_kind.*").await.expect(200);
    assert_eq!(feed["data"][0]["type"], "later_kind.begun");
    let schema = feed["data"][0]["dataschema"].as_str().unwrap_or_default();
    assert!(schema.ends_with("/later_kind"), "{feed:#}");
    let all = client.get("/events?limit=100").await.expect(200);
    assert!(
        all["data"]
            .as_array()
            .is_some_and(|it| it.len() > customers)
    );
    let told = receiver.received();
    assert!(told.iter().all(|it| it.event["type"] == "customer.created"));
}
