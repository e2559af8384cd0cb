//! Workers that stop, and come back when another one has taken over.

use rustix::process::Signal;
use tests::{Redis, within};

use super::{PATIENCE, Scene};

#[tokio::test]
async fn a_worker_that_stops_past_its_lease_has_no_say_when_it_comes_back() {
    let redis = Redis::start().await;
    let scene = Scene::with(|setup| setup.with("REDIS__URL", redis.url())).await;
    let stopped = scene.worker().await;
    for number in 0..20 {
        scene.pay(number, "slow:800").await;
    }
    scene.until(20, "status = 'processing'").await;

    stopped.signal(Signal::STOP);
    let _other = scene.worker().await;
    scene.until(20, "status = 'completed'").await;
    let done = scene.count("version > 3").await;
    stopped.signal(Signal::CONT);
    scene.pay(100, "success").await;
    scene.until(21, "status = 'completed'").await;

    assert_eq!(done, 20, "the other one asked what had become of them");
    scene.assert_all_is_well().await;
    assert_eq!(scene.count("version > 3").await, 20);
}

/// Those who want to write into the simulator's record and cannot.
const KEPT_WAITING: &str = "
    SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO simulator_orders%'";

#[tokio::test]
async fn a_worker_that_stops_before_the_provider_has_heard_it_is_fenced_when_it_comes_back() {
    let redis = Redis::start().await;
    let scene = Scene::with(|setup| setup.with("REDIS__URL", redis.url())).await;
    let stopped = scene.worker().await;
    let provider = scene.database.connect().await;
    let locked = provider.batch_execute("BEGIN; LOCK TABLE simulator_orders IN EXCLUSIVE MODE");
    locked.await.expect("the record is ours");
    let id = scene.pay(0, "success").await;
    within(PATIENCE, "the provider is called", async || {
        (scene.database.count(KEPT_WAITING, &[]).await == 1).then_some(())
    })
    .await;

    stopped.signal(Signal::STOP);
    let other = scene.worker().await;
    scene.until(1, "status = 'unknown'").await;
    let heard = provider.batch_execute("COMMIT").await;
    scene.until(1, "status = 'completed'").await;
    let version = scene.payment(&id).await["version"].clone();
    stopped.signal(Signal::CONT);
    scene.pay(1, "success").await;
    scene.until(2, "status = 'completed'").await;

    heard.expect("the record is free");
    scene.assert_all_is_well().await;
    assert_eq!(scene.payment(&id).await["version"], version);
    drop(other);
}

#[tokio::test]
async fn two_workers_share_the_work() {
    let redis = Redis::start().await;
    let scene = Scene::with(|setup| setup.with("REDIS__URL", redis.url())).await;
    let _workers = (scene.worker().await, scene.worker().await);

    for number in 0..200 {
        scene.pay(number, "success").await;
    }

    scene.assert_all_is_well().await;
    assert_eq!(
        scene
            .count("status = 'completed' AND attempts = 1 AND version = 3")
            .await,
        200
    );
}
