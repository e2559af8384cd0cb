//! How long connections live, and what PostgreSQL ends on them by itself.

use std::time::{Duration, Instant};

use adapters_postgres::PgOrganizationQueries;
use app::{
    ports::{OrganizationQueries, Outcome},
    testing::{ORGANIZATION, draft_contents},
};
use futures_util::FutureExt;

use crate::support::{World, draft, is_unavailable, wait_until};

const SHORT: Duration = Duration::from_millis(50);

/// The back ends after a look-up, and after another one much later.
async fn back_ends_of_two_looks(world: &World) -> [Vec<i32>; 2] {
    let admin = world.admin().await;
    let queries = PgOrganizationQueries::new(world.database.clone());
    queries.find(ORGANIZATION).await.unwrap();
    let first = admin.back_ends().await;
    let looked = Instant::now();
    wait_until("the connection is older than it may be", || async {
        looked.elapsed() > SHORT * 2
    })
    .await;

    queries.find(ORGANIZATION).await.unwrap();

    let is_one = || async { admin.back_ends().await.len() == 1 };
    wait_until("the old connection is closed", is_one).await;
    [first, admin.back_ends().await]
}

#[tokio::test]
async fn a_connection_is_replaced_when_its_life_is_over() {
    let young = World::directly(|options| options.lifetime_max = SHORT).await;
    let lasting = World::directly(|_| {}).await;

    let [before, after] = back_ends_of_two_looks(&young).await;
    let [first, second] = back_ends_of_two_looks(&lasting).await;

    assert_ne!(before, after);
    assert_eq!(first, second);
}

/// On the runtime of the background: each thread that answers requests has connections of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_nobody_uses_are_closed_but_for_those_that_are_kept() {
    let world = World::directly(|options| {
        options.idle_max = SHORT;
        options.pool_idle_min = 2;
    })
    .await;
    let admin = world.admin().await;
    let queries = PgOrganizationQueries::new(world.database.clone());
    let looks = (0..8).map(|_| queries.find(ORGANIZATION));
    futures_util::future::join_all(looks).await;
    assert!(admin.back_ends().await.len() > 2);

    wait_until("all but those are closed", || async {
        world.database.tend().await;
        admin.back_ends().await.len() <= 2
    })
    .await;

    assert!(!admin.back_ends().await.is_empty());
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_ended_by_postgresql() {
    let world = World::with(|options| options.statement_timeout = Duration::from_millis(200)).await;
    let admin = world.admin().await;
    admin
        .run(
            "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN PERFORM pg_sleep(20); RETURN NEW; END $$;
             CREATE TRIGGER dawdle BEFORE INSERT ON invoices FOR EACH ROW EXECUTE FUNCTION dawdle()",
        )
        .await;
    let begun = Instant::now();

    let written = world
        .write(|uow| {
            async move { uow.invoices().insert(&draft(1, draft_contents())).await }.boxed()
        })
        .await;

    assert!(is_unavailable(&written), "{written:?}");
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(admin.count("invoices").await, 0);
}

/// The deadline of a query is over long before: then nobody is there any more to end the transaction.
#[tokio::test]
async fn a_transaction_that_nobody_goes_on_with_is_ended_by_postgresql() {
    let world = World::with(|options| options.query_deadline = Duration::from_millis(300)).await;
    let admin = world.admin().await;

    let held = world
        .hold(|uow| {
            async {
                let found = uow.organizations().find(ORGANIZATION).await;
                assert!(found.unwrap().is_some());
            }
            .boxed()
        })
        .await;

    let is_over = || async { admin.in_transaction().await == 0 };
    wait_until("nothing is open any more", is_over).await;
    assert!(is_unavailable(&held.end(Outcome::Commit).await));
}
