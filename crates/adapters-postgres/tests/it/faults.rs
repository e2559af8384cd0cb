//! Servers that do not answer, connections that break, and statements whose failure nobody minds.

use std::time::{Duration, Instant};

use adapters_postgres::PgOrganizationQueries;
use app::{
    ports::{OrganizationQueries, Outcome, Transactor},
    testing::{ORGANIZATION, caller, stored_organization},
};
use futures_util::FutureExt;
use rustix::process::{Pid, Signal, kill_process};

use crate::support::{
    Admin, DEADLINE, Manner, SPEC, World, behind_a_proxy, event, is_unavailable, issued, piece,
    wait_until,
};

/// A process that does nothing until this is dropped.
struct Frozen(Pid);

impl Frozen {
    fn freeze(pid: i32) -> Self {
        let pid = Pid::from_raw(pid).unwrap();
        kill_process(pid, Signal::STOP).unwrap();
        Self(pid)
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        kill_process(self.0, Signal::CONT).unwrap();
    }
}

async fn impatient_world() -> (World, Admin) {
    let world = World::with(|options| {
        options.query_deadline = DEADLINE;
        options.pool_size_max = 1;
    })
    .await;
    let admin = world.admin().await;
    (world, admin)
}

#[tokio::test]
async fn a_read_from_a_frozen_server_ends_in_time_and_its_connection_is_never_used_again() {
    let (world, admin) = impatient_world().await;
    let queries = PgOrganizationQueries::new(world.database.clone());
    let frozen = Frozen::freeze(admin.back_ends().await[0]);
    let begun = Instant::now();

    let unanswered = queries.find(ORGANIZATION).await;
    let took = begun.elapsed();
    let answered = queries.find(ORGANIZATION).await;

    assert!(is_unavailable(&unanswered), "{unanswered:?}");
    assert!((DEADLINE..10 * DEADLINE).contains(&took), "{took:?}");
    assert_eq!(
        answered.unwrap(),
        Some(stored_organization().facts().clone())
    );
    assert_eq!(world.database.pool_status().size, 1);
    drop(frozen);
    wait_until("the old connection is gone", || async {
        admin.back_ends().await.len() == 1
    })
    .await;
}

#[tokio::test]
async fn a_transaction_on_a_frozen_server_ends_in_time_and_is_undone() {
    let (world, admin) = impatient_world().await;
    let back_end = admin.back_ends().await[0];
    let mut work = piece(move |uow| {
        async move {
            let told = vec![event(7, 1)];
            uow.outbox().append(told, &caller().actor).await.unwrap();
            uow.organizations()
                .find_for_update(ORGANIZATION)
                .await
                .unwrap();
            let frozen = Frozen::freeze(back_end);
            let begun = Instant::now();
            let unanswered = uow.organizations().find_for_update(ORGANIZATION).await;
            assert!(is_unavailable(&unanswered) && begun.elapsed() < 10 * DEADLINE);
            drop(frozen);
            Outcome::Commit
        }
        .boxed()
    });

    let given_up = world.transactor.run(SPEC, &mut work).await;

    assert!(is_unavailable(&given_up), "{given_up:?}");
    let next = world.write(|uow| {
        async move { uow.organizations().find_for_update(ORGANIZATION).await }.boxed()
    });
    assert!(next.await.unwrap().is_some());
    assert_eq!(admin.count("outbox").await, 0);
    assert!(!admin.back_ends().await.contains(&back_end));
}

#[tokio::test]
async fn a_back_end_that_is_terminated_in_the_middle_costs_one_transaction() {
    let (world, admin) = impatient_world().await;
    let back_end = admin.back_ends().await[0];
    let mut admin_of_work = Some(world.admin().await);
    let mut work = piece(move |uow| {
        let admin = admin_of_work.take().unwrap();
        async move {
            uow.invoices().insert(&issued(7, &[])).await.unwrap();
            admin
                .rows(&format!("SELECT pg_terminate_backend({back_end})"))
                .await;
            let broken = uow.organizations().find(ORGANIZATION).await;
            assert!(is_unavailable(&broken), "{broken:?}");
            Outcome::Rollback
        }
        .boxed()
    });

    world.transactor.run(SPEC, &mut work).await.unwrap();

    world.store_invoices(vec![issued(8, &[])]).await;
    assert_eq!(admin.count("invoices").await, 1);
    assert!(!admin.back_ends().await.contains(&back_end));
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_not_called_a_success() {
    let (world, proxy, admin) = behind_a_proxy().await;
    proxy.behave(Manner::CutsAtCommit);

    let unknown =
        world.write(|uow| async move { uow.invoices().insert(&issued(7, &[])).await }.boxed());
    let unknown = unknown.await;
    proxy.behave(Manner::Honest);
    world.store_invoices(vec![issued(8, &[])]).await;

    assert!(is_unavailable(&unknown), "{unknown:?}");
    assert_eq!(admin.count("invoices").await, 3);
}

#[tokio::test]
async fn answers_that_never_come_cost_one_connection_each() {
    let (world, proxy, admin) = behind_a_proxy().await;
    let back_end = admin.back_ends().await[0];
    proxy.behave(Manner::SwallowsAnswers);

    let unanswered =
        world.write(|uow| async move { uow.invoices().insert(&issued(7, &[])).await }.boxed());
    let unanswered = unanswered.await;
    proxy.behave(Manner::Honest);
    world.store_invoices(vec![issued(8, &[])]).await;

    assert!(is_unavailable(&unanswered), "{unanswered:?}");
    wait_until("the old connection is gone", || async {
        !admin.back_ends().await.contains(&back_end)
    })
    .await;
    assert_eq!(admin.count("invoices").await, 2);
}

#[tokio::test]
async fn a_pool_that_is_in_use_is_unavailable_after_a_while() {
    let world = World::with(|options| {
        options.pool_size_max = 1;
        options.acquire_timeout = Duration::from_millis(100);
    })
    .await;
    let held = world.hold(|_| async {}.boxed()).await;

    let refused = PgOrganizationQueries::new(world.database.clone())
        .list()
        .await;

    assert!(is_unavailable(&refused), "{refused:?}");
    held.end(Outcome::Rollback).await.unwrap();
    let status = world.database.pool_status();
    assert_eq!((status.size_max, status.size, status.idle), (1, 1, 1));
}
