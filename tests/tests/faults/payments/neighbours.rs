//! Payments while Redis, the broker or its messages are not as they should be.

use serde_json::json;
use tests::{Redis, Setup};

use super::Scene;

#[tokio::test]
async fn redis_may_forget_everything_while_payments_wait() {
    let redis = Redis::start().await;
    let scene = Scene::with(|setup| setup.with("REDIS__URL", redis.url())).await;
    let _workers = (scene.worker().await, scene.worker().await);

    for number in 0..100 {
        scene.pay(number, "slow:50").await;
        if number % 10 == 0 {
            redis.ask::<()>(&["FLUSHALL"]);
        }
    }

    scene.assert_all_is_well().await;
    assert_eq!(scene.count("status = 'completed'").await, 100);
}

#[tokio::test]
async fn payments_go_on_while_redis_and_the_broker_are_down() {
    let mut redis = Redis::start().await;
    let scene = Scene::with(|setup| {
        setup
            .with("REDIS__URL", redis.url())
            .with("BROKER", "redis")
    })
    .await;
    let _workers = (scene.worker().await, scene.worker().await);
    scene.pay(0, "success").await;
    scene.until(1, "status = 'completed'").await;

    redis.kill();
    for number in 1..50 {
        scene.pay(number, "success").await;
    }

    scene.until(50, "status = 'completed'").await;
    redis.come_back().await;
    scene.pay(50, "success").await;
    scene.assert_all_is_well().await;
    assert_eq!(scene.count("status = 'completed'").await, 51);
}

/// The sweep would come in an hour.
pub(crate) fn never_swept(setup: Setup) -> Setup {
    setup.with("PAYMENTS__SWEEP_MS", 3_600_000)
}

/// Payments, and refunds of them, are carried out soon although nobody sweeps.
pub(crate) async fn hints_arrive(scene: &Scene) {
    let _worker = scene.worker().await;
    for number in 0..10 {
        let id = scene.pay(number, "success").await;
        scene.until(1, "status = 'completed'").await;
        let refund = scene
            .client
            .post(&format!("/payments/{id}/refunds"), &json!({}));
        refund
            .idempotency_key(&format!("refund-{number}"))
            .await
            .expect(202);
        scene
            .until(1, &format!("status = 'refunded' AND id = '{id}'"))
            .await;
        scene.until(0, "status = 'completed'").await;
    }
    scene.assert_all_is_well().await;
}

#[tokio::test]
async fn payments_reach_workers_through_postgresql_although_nobody_sweeps() {
    hints_arrive(&Scene::with(never_swept).await).await;
}

#[tokio::test]
async fn payments_reach_workers_through_redis_although_nobody_sweeps() {
    let redis = Redis::start().await;
    let through = |setup: Setup| {
        setup
            .with("BROKER", "redis")
            .with("REDIS__URL", redis.url())
    };

    hints_arrive(&Scene::with(|setup| through(never_swept(setup))).await).await;
}
