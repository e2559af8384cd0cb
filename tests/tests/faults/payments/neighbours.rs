//! Payments while Redis, the broker or its messages are not as they should be.

use tests::Redis;

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

#[tokio::test]
async fn a_message_that_comes_again_and_again_moves_no_money_again() {
    let scene = Scene::new().await;
    let worker = scene.worker().await;
    for number in 0..20 {
        scene.pay(number, "success").await;
    }
    scene.until(20, "status = 'completed'").await;

    worker.kill();
    let again = scene.database.connect().await;
    again
        .batch_execute("UPDATE event_readers SET position = 0 WHERE reader = 'payments'")
        .await
        .expect("the statement fits the schema");
    for _ in 0..2 {
        scene.worker().await.kill();
        again
            .batch_execute("UPDATE event_readers SET position = 0 WHERE reader = 'payments'")
            .await
            .expect("the statement fits the schema");
    }
    let _worker = scene.worker().await;
    scene.pay(20, "success").await;

    scene.assert_all_is_well().await;
    assert_eq!(
        scene.count("status = 'completed' AND version = 3").await,
        21
    );
}
