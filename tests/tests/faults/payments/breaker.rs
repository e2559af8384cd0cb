//! A provider that is down.

use serde_json::Value;
use tests::within;

use super::{PATIENCE, Scene};

#[tokio::test]
async fn while_a_provider_is_down_it_is_left_alone_and_no_attempt_is_used_up() {
    let scene = Scene::with(|setup| {
        setup
            .with("PAYMENTS__BREAKER_CALLS_MIN", 10)
            .with("PAYMENTS__BREAKER_WINDOW_S", 5)
            .with("PAYMENTS__BREAKER_OPEN_MS", 500)
            .with("PAYMENTS__ATTEMPTS_MAX", 100)
    })
    .await;
    let worker = scene.setup.clone().in_role("api").and_role("worker");
    let worker = worker.start().await;
    let breaker = async || {
        let health = worker.stranger().call(reqwest::Method::GET, "/health");
        let health: Value = health.await.expect(200);
        health["checks"]["circuit_breakers"]["simulator"]
            .as_str()
            .map(str::to_owned)
    };
    for number in 0..20 {
        scene.pay(number, "outage:6").await;
    }
    let is = async |state: &str| {
        within(PATIENCE, format!("the breaker is {state}"), async || {
            (breaker().await.as_deref() == Some(state)).then_some(())
        })
        .await;
    };

    is("open").await;
    for number in 20..40 {
        scene.pay(number, "success").await;
    }
    let waiting =
        scene.count("metadata ->> 'simulate' = 'success' AND status = 'pending' AND attempts = 0");
    let waiting = waiting.await;

    assert!(waiting > 15, "{waiting} wait");
    scene.assert_all_is_well().await;
    is("closed").await;
    assert_eq!(scene.count("status = 'completed'").await, 40);
    let used = scene
        .count("metadata ->> 'simulate' = 'success' AND attempts > 1")
        .await;
    assert_eq!(used, 0, "those that waited were tried once");
}
