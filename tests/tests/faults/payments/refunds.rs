//! Charges and payouts of which parts are given back, while workers die over it.

use std::time::Duration;

use serde_json::json;
use tests::{Answer, Generator};

use super::{Scene, never_giving_up};

const KILLS: u64 = 60;

/// What each payment comes to.
const PAID_MINOR: u64 = 1_000;

impl Scene {
    /// Asks for a charge that takes a moment.
    async fn charge(&self, number: u64) -> String {
        let body = json!({
            "payment_type": "external_payment", "direction": "charge", "provider": "simulator",
            "destination_account_id": self.account, "amount_minor": PAID_MINOR, "currency": "USD",
            "metadata": {"simulate": "slow:5"},
        });
        let call = self.client.post("/payments", &body);
        let accepted = call.idempotency_key(&format!("charge-{number}")).await;
        let accepted = accepted.expect(202);
        accepted["id"].as_str().expect("an id").to_owned()
    }

    /// Asks for a part of a payment back.
    async fn give_back(&self, payment: &str, minor: u64, key: &str) -> Answer {
        let body = json!({"amount_minor": minor, "metadata": {"simulate": "slow:5"}});
        let call = self
            .client
            .post(&format!("/payments/{payment}/refunds"), &body);
        call.idempotency_key(key).await
    }
}

#[tokio::test]
async fn workers_that_are_killed_again_and_again_give_each_part_of_a_payment_back_once() {
    let scene = Scene::with(never_giving_up).await;
    let mut dice = Generator::default();
    let (mut payments, mut given) = (Vec::new(), 0);

    for round in 0..KILLS {
        let worker = scene.worker().await;
        payments.push(scene.charge(round).await);
        let payout = usize::try_from(round).expect("small");
        payments.push(scene.pay(payout, "slow:5").await);
        for part in 0..4 {
            let which = dice.below(u64::try_from(payments.len()).expect("few"));
            let payment = &payments[usize::try_from(which).expect("few")];
            let minor = 100 + dice.below(PAID_MINOR / 2);
            let key = format!("part-{round}-{part}");
            match scene.give_back(payment, minor, &key).await.verdict() {
                (202, _) => given += 1,
                (422, code) => assert!(
                    ["payment_not_refundable", "refund_exceeds_payment"].contains(&code.as_str()),
                    "{code}"
                ),
                other => panic!("{other:?}"),
            }
        }
        tokio::time::sleep(Duration::from_micros(dice.below(40_000))).await;
        worker.kill();
    }

    let _worker = scene.worker().await;
    scene.assert_all_is_well().await;
    let count = async |what: &str| {
        let statement = format!("SELECT count(*) FROM refunds WHERE {what}");
        scene.database.count(&statement, &[]).await
    };
    assert!(given > 60, "only {given} refunds were accepted");
    assert_eq!(count("status = 'completed'").await, given);
    let interrupted = count("checks > 0 OR attempts > 1 OR version > 3").await;
    assert!(interrupted > 0, "nothing was interrupted");
    let both =
        "SELECT count(DISTINCT work) FROM simulator_orders WHERE work IN ('refund', 'recall')";
    assert_eq!(scene.database.count(both, &[]).await, 2);
}
