//! Events through Kafka, from one process to another: the relay publishes, the validator hears and decides.

use std::time::Duration;

use serde_json::json;
use tests::{Database, Setup, Tenant, invoice, line, within};

use self::kafka_server::KafkaServer;
use crate::{
    audit::assert_books,
    payments::{
        Scene,
        neighbours::{hints_arrive, never_swept},
    },
};

#[path = "../../../crates/adapters-kafka/tests/support/kafka_server.rs"]
mod kafka_server;

/// A Kafka that comes back has its logs and coordinators to load, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(3);
const INVOICES: i64 = 40;
/// Every fourth one comes to more than this.
const TOTAL_MAX: i64 = 1_000_000;

/// Everybody has heard of what was created until now.
async fn all_are_reviewed(database: &Database) {
    within(PATIENCE, "all invoices are reviewed", async || {
        let waiting = "SELECT count(*) FROM invoices WHERE review IS NULL";
        (database.count(waiting, &[]).await == 0).then_some(())
    })
    .await;
}

async fn started_kafka() -> Option<KafkaServer> {
    let starting = tokio::task::spawn_blocking(KafkaServer::start).await;
    let kafka = starting.expect("the starter does not panic");
    if kafka.is_none() {
        println!("no Kafka: `cargo xtask test` fetches it where there is Java and Maven");
    }
    kafka
}

fn through(kafka: &KafkaServer, setup: Setup) -> Setup {
    setup
        .with("BROKER", "kafka")
        .with("KAFKA__SERVERS", kafka.address())
        .with("KAFKA__PARTITIONS", 4)
        .with("KAFKA__REPLICATION", 1)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn payments_reach_workers_through_kafka_although_nobody_sweeps() {
    let Some(kafka) = started_kafka().await else {
        return;
    };
    let scene = Scene::with(|setup| through(&kafka, never_swept(setup))).await;

    hints_arrive(&scene).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_created_in_one_process_is_reviewed_in_another_also_after_kafka_was_away() {
    let Some(mut kafka) = started_kafka().await else {
        return;
    };
    let database = Database::fresh().await;
    let setup = through(&kafka, Setup::on(&database)).with("REVIEW__TOTAL_MINOR_MAX", TOTAL_MAX);
    let service = setup.clone().in_role("api").and_role("relay").start().await;
    let _validator = setup.in_role("validator").start().await;
    let client = Tenant::on(&database).await.at(&service);
    // No two of them are alike, which would be a reason to refuse one.
    let bill = async |number: i64| {
        let mut body = invoice();
        let dear = if number % 4 == 0 { TOTAL_MAX } else { 0 };
        body["items"] = json!([line(1, dear + number + 1, 0)]);
        client.create("/invoices", &body).await
    };

    let first = bill(INVOICES + 1).await;
    all_are_reviewed(&database).await;
    let reviewed = client.get(&format!("/invoices/{first}")).await.expect(200);
    tokio::task::block_in_place(|| kafka.kill());
    for number in 0..INVOICES {
        bill(number).await;
    }
    tokio::task::block_in_place(|| kafka.start_again());
    all_are_reviewed(&database).await;

    assert_eq!(reviewed["review"]["status"], "approved", "{reviewed}");
    let of_status = |status: &str| {
        let count = "SELECT count(*) FROM invoices WHERE review ->> 'status' = '@' AND version = 2";
        count.replace('@', status)
    };
    let rejected = database.count(&of_status("rejected"), &[]).await;
    let approved = database.count(&of_status("approved"), &[]).await;
    assert_eq!((rejected, approved), (10, 31));
    assert_books(&client, &database).await;
}
