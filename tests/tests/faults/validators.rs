//! Several validators, each a process of its own, of which one is killed.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use rustix::process::Signal;
use serde_json::json;
use tests::{Client, Database, Redis, Service, Setup, Tenant, eventually, invoice, line, within};

use crate::audit::assert_books;

/// Of each half of the work.
const INVOICES: usize = 150;
const AT_ONCE: usize = 16;
/// Every third one comes to more than this.
const TOTAL_MAX: i64 = 1_000_000;
/// Who stops in the middle of a transaction keeps its locks until PostgreSQL gives it up, after 24 s.
const PATIENCE: Duration = Duration::from_mins(3);

/// What becomes of one of two validators while it is at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is killed.
    Dies,
    /// It is stopped for longer than its lease, and goes on when another one has done its work.
    Stops,
}

#[tokio::test]
async fn each_invoice_gets_its_verdict_once_though_a_validator_is_killed() {
    let database = Database::fresh().await;
    let setup = Setup::on(&database);

    reviewed_in_spite_of(Fate::Dies, &database, setup).await;
}

#[tokio::test]
async fn so_it_does_through_redis() {
    let (database, redis) = (Database::fresh().await, Redis::start().await);
    let setup = through(&redis, &database);

    reviewed_in_spite_of(Fate::Dies, &database, setup).await;
}

#[tokio::test]
async fn a_validator_that_stops_past_its_lease_has_no_say_when_it_comes_back() {
    let database = Database::fresh().await;
    let setup = Setup::on(&database);

    reviewed_in_spite_of(Fate::Stops, &database, setup).await;
}

#[tokio::test]
async fn neither_has_it_through_redis() {
    let (database, redis) = (Database::fresh().await, Redis::start().await);
    let setup = through(&redis, &database);

    reviewed_in_spite_of(Fate::Stops, &database, setup).await;
}

/// What Redis forgets comes again, and groups are made again.
#[tokio::test]
async fn each_invoice_gets_its_verdict_once_though_redis_forgets_streams_and_groups() {
    let (database, redis) = (Database::fresh().await, Redis::start().await);
    let setup = through(&redis, &database);
    let scene = Scene::of(&database, setup).await;

    for round in 0..4 {
        scene.bill(round * INVOICES..(round + 1) * INVOICES).await;
        if round % 2 == 0 {
            redis.ask::<()>(&["FLUSHALL"]);
            continue;
        }
        for shard in 0..16 {
            let stream = format!("tallystick:events:{{{shard}}}:invoice");
            if redis.ask::<i64>(&["EXISTS", &stream]) == 1 {
                redis.ask::<()>(&["XGROUP", "DESTROY", &stream, "validator"]);
            }
        }
    }

    scene.all_are_reviewed_once(4 * INVOICES).await;
}

fn through(redis: &Redis, database: &Database) -> Setup {
    Setup::on(database)
        .with("BROKER", "redis")
        .with("REDIS__BROKER_URL", redis.url())
}

/// An API with a relay, and two validators.
struct Scene {
    database: Database,
    client: Client,
    validators: [Service; 2],
    _service: Service,
}

impl Scene {
    async fn of(database: &Database, setup: Setup) -> Self {
        let service = setup.clone().start().await;
        let client = Tenant::on(database).await.at(&service);
        let validator = setup
            .in_role("validator")
            .with("REVIEW__TOTAL_MINOR_MAX", TOTAL_MAX);
        let (first, second) = tokio::join!(validator.clone().start(), validator.start());
        Self {
            database: database.clone(),
            client,
            validators: [first, second],
            _service: service,
        }
    }

    /// No two of them look alike.
    async fn bill(&self, numbers: std::ops::Range<usize>) {
        let bill = async |number: usize| {
            let mut body = invoice();
            let number = i64::try_from(number).expect("it is small");
            let dear = if number % 3 == 0 { TOTAL_MAX } else { 0 };
            body["items"] = json!([line(1, dear + number + 1, 0)]);
            self.client.create("/invoices", &body).await;
        };
        stream::iter(numbers)
            .for_each_concurrent(AT_ONCE, bill)
            .await;
    }

    async fn count(&self, condition: &str) -> i64 {
        let statement = format!("SELECT count(*) FROM invoices WHERE {condition}");
        self.database.count(&statement, &[]).await
    }

    async fn all_are_reviewed(&self) {
        within(PATIENCE, "all are reviewed", async || {
            (self.count("review IS NULL").await == 0).then_some(())
        })
        .await;
    }

    async fn all_are_reviewed_once(&self, invoices: usize) {
        self.all_are_reviewed().await;
        let all = i64::try_from(invoices).expect("it is small");
        let rejected = self.count("review ->> 'status' = 'rejected'").await;
        let dear = format!("total_minor > {TOTAL_MAX}");
        assert_eq!(rejected, self.count(&dear).await);
        assert_eq!(rejected, all / 3);
        assert_eq!(self.count("version = 2").await, all);
        let told =
            "SELECT count(*) FROM outbox WHERE type IN ('invoice.approved', 'invoice.rejected')";
        assert_eq!(self.database.count(told, &[]).await, all);
        assert_books(&self.client, &self.database).await;
    }
}

/// Has invoices reviewed while one of two validators is not there. The setup is that of the API.
pub(crate) async fn reviewed_in_spite_of(fate: Fate, database: &Database, setup: Setup) {
    let scene = Scene::of(database, setup).await;
    let [first, _second] = &scene.validators;

    scene.bill(0..INVOICES).await;
    eventually("a validator is at work", async || {
        (scene.count("review IS NOT NULL").await > 0).then_some(())
    })
    .await;
    first.signal(match fate {
        Fate::Dies => Signal::KILL,
        Fate::Stops => Signal::STOP,
    });
    scene.bill(INVOICES..2 * INVOICES).await;
    scene.all_are_reviewed().await;
    if fate == Fate::Stops {
        first.signal(Signal::CONT);
        scene.bill(2 * INVOICES..3 * INVOICES).await;
        return scene.all_are_reviewed_once(3 * INVOICES).await;
    }

    scene.all_are_reviewed_once(2 * INVOICES).await;
}
