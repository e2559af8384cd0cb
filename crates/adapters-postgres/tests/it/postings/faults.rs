use std::time::{Duration, Instant};

use super::{all, count};
use crate::support::{
    Admin, Ledger, Manner, Proxy, World, account, deposit, migrated_database, transfer, wait_until,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_break_under_load_lose_and_double_nothing() {
    let ledger = Ledger::with(&[100_000, 0]).await;
    let mut told = Vec::new();
    for round in 0..20 {
        let asked = (0..100).map(|n| ledger.ask(&format!("{round}-{n}"), transfer(1, 2, 1)));
        let asked: Vec<_> = asked.collect();
        ledger
            .admin
            .run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                  WHERE datname = current_database() AND application_name = 'tallystick'",
            )
            .await;
        told.extend(all(asked).await);
    }

    let posted = i64::try_from(count(&told, "posted")).unwrap();
    assert_eq!(posted, 2_000, "{told:?}");
    assert_eq!(ledger.balance(2).await, posted);
    ledger.is_consistent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_found_by_its_key() {
    let url = migrated_database().await;
    let proxy = Proxy::before(&url).await;
    let world = World::at(proxy.url.clone(), |_| {});
    let ledger = Ledger::over(world, &[1_000, 0]).await;
    let direct = Admin::connect(&url).await;
    ledger.ask("warm", transfer(1, 2, 1)).await.unwrap();

    proxy.behave(Manner::CutsAtWrite);
    let asked: Vec<_> = (0..50)
        .map(|n| ledger.ask(&format!("k{n}"), transfer(1, 2, 1)))
        .collect();
    // Whichever came first: those behind it wait until it is known what became of it.
    let written = "SELECT count(*) FROM idempotency_keys WHERE key LIKE 'k%'";
    wait_until("some of them are committed", || async {
        direct.value::<i64>(written).await > 0
    })
    .await;
    proxy.behave(Manner::Honest);
    let told = all(asked).await;

    assert_eq!(count(&told, "posted"), 50, "{told:?}");
    assert_eq!(ledger.balance(2).await, 51);
    ledger.is_consistent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_somebody_keeps_locked_fails_in_time_and_alone() {
    let world = World::with(|options| options.lock_timeout = Duration::from_millis(200)).await;
    let ledger = Ledger::over(world, &[100, 100, 100, 100]).await;
    let foreign = ledger.world.admin().await;
    let id = account(1);
    foreign
        .run(&format!(
            "BEGIN; SELECT FROM account_standings WHERE account_id = '{id}' FOR UPDATE"
        ))
        .await;
    let began = Instant::now();

    let mut asked: Vec<_> = (0..20)
        .map(|n| ledger.ask(&format!("free{n}"), transfer(3, 4, 1)))
        .collect();
    asked.push(ledger.ask("locked", transfer(1, 2, 1)));
    let told = all(asked).await;
    let took = began.elapsed();
    foreign.run("ROLLBACK").await;
    let afterwards = ledger.ask("locked", transfer(1, 2, 1)).await.unwrap();

    assert_eq!(count(&told, "posted"), 20, "{told:?}");
    assert!(told[20].starts_with("failed: gave up"), "{told:?}");
    assert!(took < Duration::from_secs(5), "{took:?}");
    assert_eq!(afterwards, "posted");
    ledger.is_consistent().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_system_account_fails_those_who_need_it_and_nobody_else() {
    let world = World::with(|options| options.lock_timeout = Duration::from_millis(200)).await;
    let ledger = Ledger::over(world, &[100, 100, 100]).await;
    let foreign = ledger.world.admin().await;
    foreign
        .run("BEGIN; SELECT FROM account_standings WHERE shard > 0 FOR UPDATE")
        .await;

    let mut asked: Vec<_> = (0..20)
        .map(|n| ledger.ask(&format!("free{n}"), transfer(1, 2, 1)))
        .collect();
    asked.push(ledger.ask("locked", deposit(3, 1)));
    let told = all(asked).await;
    foreign.run("ROLLBACK").await;

    assert_eq!(count(&told, "posted"), 20, "{told:?}");
    assert!(told[20].starts_with("failed: gave up"), "{told:?}");
    ledger.is_consistent().await;
}
