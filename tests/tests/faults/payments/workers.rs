//! Workers that do their work, die over it, or are slower than whoever changes his mind.

use std::time::{Duration, Instant};

use serde_json::json;
use tests::{Generator, Setup, eventually};

use super::{Scene, never_giving_up};
use crate::audit::assert_no_long_transaction;

const KILLS: usize = 200;

#[tokio::test]
async fn a_payment_completes_soon_after_it_was_accepted() {
    let scene = Scene::new().await;
    let _worker = scene.worker().await;

    let id = scene.pay(1, "success").await;

    scene.until(1, "status = 'completed'").await;
    let payment = scene.payment(&id).await;
    assert_eq!(payment["attempts"], json!(1));
    scene.assert_all_is_well().await;
}

#[tokio::test]
async fn each_way_of_a_provider_to_behave_comes_to_its_end() {
    let scene = Scene::new().await;
    let _worker = scene.worker().await;

    for (number, simulate) in [
        "success",
        "decline",
        "timeout",
        "lost",
        "flaky:2",
        "flaky:9",
        "pending",
        "slow:100",
        "slow:1500",
    ]
    .into_iter()
    .enumerate()
    {
        scene.pay(number, simulate).await;
    }

    scene.assert_all_is_well().await;
    assert_eq!(scene.count("status = 'failed'").await, 2);
    assert_eq!(scene.count("status = 'failed' AND attempts = 5").await, 1);
    let dead = "SELECT count(*) FROM payment_dead_letters WHERE attempts = 5 AND json_array_length(story) > 9";
    assert_eq!(scene.database.count(dead, &[]).await, 1);
    assert_eq!(scene.count("status = 'completed'").await, 7);
    // What may have moved the money is asked about, and never asked for again.
    let asked_for_again = "
        SELECT count(*) FROM simulator_orders AS o JOIN payments AS p ON p.id = o.key
         WHERE p.metadata ->> 'simulate' IN ('timeout', 'slow:1500', 'pending') AND (o.calls <> 1 OR o.look_ups = 0)";
    assert_eq!(scene.database.count(asked_for_again, &[]).await, 0);
}

/// What is killed at random is killed before, in, and after the call, and while it is written down.
#[tokio::test]
async fn workers_that_are_killed_again_and_again_move_the_money_of_each_payment_once() {
    let scene = Scene::with(never_giving_up).await;
    let mut dice = Generator::default();
    let mut number = 0;

    for _ in 0..KILLS {
        let worker = scene.worker().await;
        for _ in 0..3 {
            number += 1;
            scene
                .pay(
                    number,
                    if number % 3 == 0 {
                        "slow:20"
                    } else {
                        "success"
                    },
                )
                .await;
        }
        tokio::time::sleep(Duration::from_micros(dice.below(40_000))).await;
        worker.kill();
    }

    let _worker = scene.worker().await;
    scene.assert_all_is_well().await;
    assert_eq!(
        scene.count("status = 'completed'").await,
        i64::try_from(number).expect("small")
    );
    assert!(
        scene
            .count("checks > 0 OR attempts > 1 OR version > 3")
            .await
            > 0,
        "nothing was interrupted"
    );
}

#[tokio::test]
async fn a_worker_that_crashes_with_the_charge_made_finds_it_and_does_not_make_it_again() {
    let scene = Scene::with(|setup| setup.with("PROVIDERS__SIMULATOR__CRASHES", true)).await;
    let worker = scene.worker().await;

    scene.pay(1, "crash_after_charge").await;
    let ended = worker.ended().await;
    let _worker = scene.worker().await;

    assert!(!ended.success());
    scene.assert_all_is_well().await;
    assert_eq!(scene.count("status = 'completed'").await, 1);
}

#[tokio::test]
async fn whoever_calls_a_payment_off_while_a_worker_takes_it_up_gets_one_outcome() {
    let scene = Scene::new().await;
    let _worker = scene.worker().await;
    let (mut dice, mut cancelled) = (Generator::default(), 0);

    for number in 0..60 {
        let id = scene.pay(number, "slow:5").await;
        tokio::time::sleep(Duration::from_micros(dice.below(30_000))).await;
        let call = scene
            .client
            .post(&format!("/payments/{id}/cancel"), &json!({}));
        let answer = call.await;
        match answer.verdict() {
            (200, _) => cancelled += 1,
            (status, code) => assert_eq!((status, code.as_str()), (422, "payment_not_cancellable")),
        }
    }

    scene.assert_all_is_well().await;
    assert_eq!(scene.count("status = 'cancelled'").await, cancelled);
    assert_eq!(scene.count("status = 'completed'").await, 60 - cancelled);
    assert!((1..60).contains(&cancelled), "they never met: {cancelled}");
}

#[tokio::test]
async fn no_transaction_is_open_while_a_provider_is_waited_for() {
    let patient = |setup: Setup| {
        setup
            .with("PAYMENTS__CALL_LIMIT_MS", 20_000)
            .with("PAYMENTS__LOST_AFTER_MS", 30_000)
    };
    let scene = Scene::with(patient).await;
    let _worker = scene.worker().await;
    for number in 0..4 {
        scene.pay(number, "slow:12000").await;
    }

    scene.until(4, "status = 'processing'").await;
    let (begun, mut looks) = (Instant::now(), 0);
    eventually("they have been waited for long enough", async || {
        looks += 1;
        assert_no_long_transaction(&scene.database).await;
        (begun.elapsed() > Duration::from_secs(4)).then_some(())
    })
    .await;

    assert!(looks > 1);
    assert_eq!(scene.count("status = 'processing'").await, 4);
    scene.assert_all_is_well().await;
}

#[tokio::test]
async fn a_worker_that_is_told_to_end_finishes_what_it_is_at() {
    let scene = Scene::new().await;
    let worker = scene.worker().await;
    scene.pay(1, "slow:500").await;
    scene.until(1, "status = 'processing'").await;

    worker.signal(rustix::process::Signal::TERM);
    let ended = worker.ended().await;

    assert!(ended.success());
    assert_eq!(scene.count("status = 'completed'").await, 1);
    scene.assert_all_is_well().await;
}
