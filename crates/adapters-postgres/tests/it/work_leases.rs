//! Who is at work on what.

use std::time::Duration;

use adapters_postgres::PgWorkLeases;
use app::{
    ports::{LeaseRequest, WorkLeases},
    testing::contracts::hold_work_leases_to_their_contract,
};
use uuid::Uuid;

use crate::support::{World, wait_until};

const WORK: [Uuid; 1] = [Uuid::from_u128(1)];

const fn request(token: u128) -> LeaseRequest<'static> {
    LeaseRequest {
        work: &WORK,
        token: Uuid::from_u128(token),
        lasts: Duration::from_secs(30),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_contract_holds() {
    let world = World::new().await;
    let leases = [(); 2].map(|()| PgWorkLeases::new(world.database.clone()));
    let mut last = 0;

    let new_id = || {
        last += 1;
        Uuid::from_u128(last)
    };
    hold_work_leases_to_their_contract(&leases[0], &leases[1], new_id).await;
}

#[tokio::test]
async fn leases_end_with_the_session_and_the_next_one_is_opened_by_itself() {
    let world = World::new().await;
    let leases = [(); 2].map(|()| PgWorkLeases::new(world.database.clone()));
    leases[0].take(request(1)).await.unwrap();

    let admin = world.admin().await;
    admin
        .run(
            "SELECT pg_terminate_backend(l.pid) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database
              WHERE l.locktype = 'advisory' AND d.datname = current_database()",
        )
        .await;

    wait_until("the other has it", async || {
        leases[1].take(request(2)).await.unwrap().len() == 1
    })
    .await;
    assert!(leases[0].extend(request(1)).await.unwrap().is_empty());
}

#[tokio::test]
async fn whoever_stops_waiting_leaves_nothing_locked() {
    let world = World::new().await;
    let leases = [(); 2].map(|()| PgWorkLeases::new(world.database.clone()));
    for patience_us in (0..2_000).step_by(100) {
        let asked = leases[0].take(request(1));
        let patience = Duration::from_micros(patience_us);
        let _given_up = tokio::time::timeout(patience, asked).await;
        leases[0].release(&WORK, request(1).token).await.unwrap();

        wait_until("the other has it", async || {
            leases[1].take(request(2)).await.unwrap().len() == 1
        })
        .await;
        leases[1].release(&WORK, request(2).token).await.unwrap();
    }
}

/// Sessions that have said nothing for so long, whatever they had been told to say.
const SILENT: &str = "
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND query LIKE '%idle_session_timeout%' AND pid <> pg_backend_pid()
       AND state = 'idle' AND state_change < clock_timestamp() - interval '3 seconds'";

#[tokio::test]
async fn a_session_that_holds_nothing_may_be_silent_and_one_that_does_may_not() {
    let world = World::new().await;
    let leases = PgWorkLeases::new(world.database.clone());
    let brief = LeaseRequest {
        lasts: Duration::from_secs(2),
        ..request(1)
    };
    let admin = world.admin().await;

    leases.take(brief).await.unwrap();
    leases.release(&WORK, brief.token).await.unwrap();
    wait_until("it is silent, and still there", async || {
        admin.value::<i64>(SILENT).await == 1
    })
    .await;

    assert_eq!(leases.take(brief).await.unwrap().len(), 1);
    wait_until("the server has ended it", async || {
        admin.value::<i64>(SESSIONS).await == 0
    })
    .await;
}

/// Sessions that hold leases.
const SESSIONS: &str = "
    SELECT count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database
     WHERE l.locktype = 'advisory' AND d.datname = current_database()";
