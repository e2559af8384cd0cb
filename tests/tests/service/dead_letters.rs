//! Looking after what could not be delivered, at the command line.

use serde_json::{Value, json};
use tests::{Client, Database, Setup, Tenant, complaint, customer, eventually, tallystick};

/// An event as it is delivered.
async fn delivered(client: &Client) -> Value {
    client.create("/customers", &customer()).await;
    eventually("an event", async || {
        let feed = client.get("/events?limit=1").await.expect(200);
        feed["data"].as_array()?.first().cloned()
    })
    .await
}

/// Keeps a copy of an event for a consumer that does not exist, under an id that ends with a number: dead, or behind
/// another one.
async fn keep(database: &Database, event: &Value, (id, aggregate, is_dead): (i32, i32, bool)) {
    let mut event = event.clone();
    event["id"] = json!(id_of(id));
    event["sequence"] = json!(id);
    let statement = "
        INSERT INTO held_events (consumer, event_id, aggregate_id, sequence, position, shard, event, attempts, reason,
                                 next_attempt_at, dead_since)
        SELECT 'nobody', ($1::text::json ->> 'id')::uuid, lpad($2::int::text, 32, '0')::uuid, $3::int, $3::int, 0,
               $1::text::json, 10, 'no such thing', 'infinity', CASE WHEN $4 THEN now() + make_interval(secs => $3) END";
    let (client, text) = (database.connect().await, event.to_string());
    client
        .execute(statement, &[&text, &aggregate, &id, &is_dead])
        .await
        .unwrap();
}

fn id_of(number: i32) -> String {
    format!("00000000-0000-7000-8000-{number:012}")
}

async fn listed(database: &Database) -> Vec<(String, Value)> {
    let dead = tallystick(database, &["dead-letters", "list"]).await;
    let letter = |it: &Value| {
        assert_eq!(it["reason"], "no such thing");
        assert_eq!(it["consumer"], "nobody");
        (
            it["event_id"].as_str().unwrap().to_owned(),
            it["waiting_behind"].clone(),
        )
    };
    dead.as_array().unwrap().iter().map(letter).collect()
}

#[tokio::test]
async fn dead_letters_are_listed_tried_again_and_given_up() {
    let database = Database::fresh().await;
    let service = Setup::on(&database).start().await;
    let client = Tenant::on(&database).await.at(&service);
    let event = delivered(&client).await;
    for letter in [(1, 1, true), (2, 1, false), (3, 2, true), (4, 3, true)] {
        keep(&database, &event, letter).await;
    }

    let all = listed(&database).await;
    let retried = tallystick(&database, &["dead-letters", "retry", &id_of(1)]).await;
    let discarded = tallystick(&database, &["dead-letters", "discard", &id_of(3)]).await;
    let left = listed(&database).await;
    let rest = tallystick(&database, &["dead-letters", "retry"]).await;

    let [first, second, third] =
        [(1, 1), (3, 0), (4, 0)].map(|(id, behind)| (id_of(id), json!(behind)));
    assert_eq!(all, [first, second, third.clone()]);
    assert_eq!(
        (&retried["retried"], &discarded["discarded"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(left, [third]);
    assert_eq!(rest["retried"], 1);
    assert_eq!(listed(&database).await, []);
    let held = "SELECT count(*) FROM held_events WHERE consumer = 'nobody'";
    assert_eq!(database.count(held, &[]).await, 3);
    for what in ["retry", "discard"] {
        let unknown = complaint(&database, &["dead-letters", what, &id_of(3)]).await;
        assert!(unknown.contains("there is no dead letter"), "{unknown}");
    }
}
