//! Many at once, carried out by workers. What the simulator has written down of itself is the judge.

use serde_json::json;
use tests::{at_once, eventually, verify_ledger};

use super::{Till, but, service};
use crate::form::fresh_key;

/// What the simulator has given back for a payment.
const GIVEN_BACK: &str = "
    SELECT coalesce(sum(o.amount_minor), 0)::bigint
      FROM simulator_orders AS o JOIN refunds AS r ON r.id = o.key
     WHERE r.payment_id = $1::text::uuid AND o.work = 'refund' AND o.moved_at IS NOT NULL";

#[tokio::test]
async fn two_payments_of_one_invoice_never_overpay_it() {
    let till = Till::with(1_000_000).await;
    for n in 0..20 {
        let invoice = till.invoice(1_000).await;
        let body = if n % 2 == 0 {
            till.internal(600)
        } else {
            till.charge(600)
        };
        let body = but(body, json!({"invoice_id": invoice}));
        let pay = || {
            till.client
                .post("/payments", &body)
                .idempotency_key(&fresh_key())
        };

        let answers = at_once([pay(), pay()]).await;

        let (accepted, refused): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(|it| it.status < 300);
        let [accepted, refused] = [&accepted[..], &refused[..]].map(|it| it.first().cloned());
        let refused = refused.expect("one is refused").verdict();
        assert_eq!(refused, (422, "payment_exceeds_amount_due".to_owned()));
        let id = accepted.expect("one is accepted").json()["id"]
            .as_str()
            .unwrap()
            .to_owned();
        super::comes_to_be(&till.client, &format!("/payments/{id}"), "completed").await;
        let paid = till
            .client
            .get(&format!("/invoices/{invoice}"))
            .await
            .expect(200);
        assert_eq!(
            (&paid["amount_paid_minor"], &paid["amount_due_minor"]),
            (&json!(600), &json!(400))
        );
    }
}

#[tokio::test]
async fn of_twenty_refunds_that_exceed_the_payment_no_more_than_the_payment_is_given_back() {
    let till = Till::with(0).await;
    let paid = till.paid(&till.charge(100), "completed").await;
    let path = format!("/payments/{paid}/refunds");
    let refund = |n: usize| {
        let simulate = ["success", "timeout", "flaky:1", "pending"][n % 4];
        let body = json!({"amount_minor": 10, "metadata": {"simulate": simulate}});
        till.client.post(&path, &body).idempotency_key(&fresh_key())
    };

    let answers = at_once((0..20).map(refund)).await;

    let accepted = answers.iter().filter(|it| it.status == 202).count();
    assert_eq!(accepted, 10);
    for refused in answers.iter().filter(|it| it.status != 202) {
        assert_eq!(
            refused.verdict(),
            (422, "refund_exceeds_payment".to_owned())
        );
    }
    super::comes_to_be(&till.client, &format!("/payments/{paid}"), "refunded").await;
    let database = service().await.database();
    assert_eq!(database.count(GIVEN_BACK, &[&paid]).await, 100);
    assert_eq!(till.on(&till.empty).await, (0, 0));
    verify_ledger(database).await;
}

#[tokio::test]
async fn what_refunds_that_are_given_up_had_set_aside_can_be_given_back_again() {
    let till = Till::with(0).await;
    let paid = till.paid(&till.charge(100), "completed").await;
    let path = format!("/payments/{paid}/refunds");
    let body = |simulate: &str| json!({"amount_minor": 60, "metadata": {"simulate": simulate}});
    let dead = till.refund(&paid, &body("flaky:9")).await.expect(202);
    let dead = format!("{path}/{}", dead["id"].as_str().unwrap());

    let answers = at_once((0..5).map(|_| {
        let call = till.client.post(&path, &body("success"));
        call.idempotency_key(&fresh_key())
    }))
    .await;
    super::comes_to_be(&till.client, &dead, "failed").await;
    let after = till.refund(&paid, &body("success")).await;

    // Whoever came while the first one was under way found no room, and at most one has come later.
    let accepted = answers.iter().filter(|it| it.status == 202).count();
    assert_eq!(
        accepted + usize::from(after.status == 202),
        1,
        "{}",
        after.text()
    );
    let database = service().await.database();
    eventually("the refund is carried out", async || {
        (database.count(GIVEN_BACK, &[&paid]).await == 60).then_some(())
    })
    .await;
    comes_to_be_partially_refunded(&till, &paid).await;
}

async fn comes_to_be_partially_refunded(till: &Till, paid: &str) {
    super::comes_to_be(
        &till.client,
        &format!("/payments/{paid}"),
        "partially_refunded",
    )
    .await;
    assert_eq!(till.on(&till.empty).await, (40, 0));
}
