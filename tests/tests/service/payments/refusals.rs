//! Payments that the rules forbid, and refunds: each is refused for its reason, and leaves nothing behind.

use serde_json::{Value, json};

use super::{Till, account, but};
use crate::form::fresh_key;

const UNKNOWN: &str = "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24";

/// Fails with every body that is refused in another way.
async fn check(till: &Till, cases: Vec<(&str, Value, u16, &str)>) {
    for (what, body, status, code) in cases {
        let answer = till.pay(&body).await;
        let expected = (status, code.to_owned());
        assert_eq!(answer.verdict(), expected, "{what}: {}", answer.text());
    }
    let made = till.client.get("/payments?page=1").await.expect(200);
    assert_eq!(made["total"], 0, "{made}");
    let held = till.client.get("/holds?page=1").await.expect(200);
    assert_eq!(held["total"], 0, "{held}");
    assert_eq!(till.on(&till.full).await, (1_000, 0));
    assert_eq!(till.on(&till.empty).await, (0, 0));
}

fn from(id: &str) -> Value {
    json!({"source_account_id": id})
}

fn to(id: &str) -> Value {
    json!({"destination_account_id": id})
}

#[tokio::test]
async fn accounts_that_are_not_there() {
    let (till, others) = (Till::with(1_000).await, Till::with(1_000).await);
    let internal = |change| but(till.internal(1), change);
    let payout = |change| but(till.payout(1), change);
    let charge = |change| but(till.charge(1), change);

    let not_found = |what, body| (what, body, 404, "account_not_found");
    let cases = vec![
        not_found("from an unknown account", internal(from(UNKNOWN))),
        not_found("to an unknown account", internal(to(UNKNOWN))),
        not_found("out of an unknown account", payout(from(UNKNOWN))),
        not_found("into an unknown account", charge(to(UNKNOWN))),
        not_found("from an account of others", internal(from(&others.full))),
        not_found("to an account of others", internal(to(&others.empty))),
        not_found("out of an account of others", payout(from(&others.full))),
        not_found("into an account of others", charge(to(&others.empty))),
    ];

    check(&till, cases).await;
    assert_eq!(others.on(&others.full).await, (1_000, 0));
}

/// An account that takes no part any more, or for now.
async fn retired(till: &Till, status: &str) -> String {
    let id = account(&till.client, "USD", 0).await;
    let path = format!("/accounts/{id}");
    let changed = till.client.patch(&path, &json!({"status": status})).await;
    changed.expect(200);
    id
}

#[tokio::test]
async fn accounts_that_cannot_take_part() {
    let till = Till::with(1_000).await;
    let euros = account(&till.client, "EUR", 0).await;
    let frozen = retired(&till, "frozen").await;
    let closed = retired(&till, "closed").await;
    let internal = |change| but(till.internal(1), change);
    let payout = |change| but(till.payout(1), change);
    let charge = |change| but(till.charge(1), change);

    let because = |code, what, body| (what, body, 422, code);
    let cases = vec![
        because("same_account", "to itself", internal(to(&till.full))),
        because("account_frozen", "to a frozen one", internal(to(&frozen))),
        because(
            "account_frozen",
            "out of a frozen one",
            payout(from(&frozen)),
        ),
        because("account_frozen", "into a frozen one", charge(to(&frozen))),
        because("account_closed", "to a closed one", internal(to(&closed))),
        because(
            "account_closed",
            "out of a closed one",
            payout(from(&closed)),
        ),
        because("account_closed", "into a closed one", charge(to(&closed))),
        because("currency_mismatch", "to euros", internal(to(&euros))),
        because("currency_mismatch", "into euros", charge(to(&euros))),
        because(
            "insufficient_funds",
            "more than there is",
            till.internal(1_001),
        ),
        because(
            "insufficient_funds",
            "out of nothing",
            payout(from(&till.empty)),
        ),
    ];

    check(&till, cases).await;
}

#[tokio::test]
async fn providers_and_invoices_that_cannot_take_part() {
    let (till, others) = (Till::with(1_000).await, Till::with(0).await);
    let (sent, theirs) = (till.invoice(100).await, others.invoice(100).await);
    let draft = till.client.create("/invoices", &tests::invoice()).await;
    let cancelled = till.invoice(100).await;
    till.client.mark(&cancelled, "cancelled").await.expect(200);
    let of = |body: Value, id: &str| but(body, json!({"invoice_id": id}));
    let through = |name: &str| but(till.charge(1), json!({"provider": name}));
    let to_itself = but(
        of(till.internal(1), &sent),
        json!({"destination_account_id": till.full}),
    );

    let unpayable = |what, id| (what, of(till.internal(1), id), 422, "invoice_not_payable");
    let exceeds = |what, body| (what, of(body, &sent), 422, "payment_exceeds_amount_due");
    let missing = |what, body, id| (what, of(body, id), 404, "invoice_not_found");
    let cases = vec![
        (
            "through an unknown provider",
            through("nobody"),
            422,
            "provider_unknown",
        ),
        (
            "through one that is not set up",
            through("stripe"),
            422,
            "provider_unknown",
        ),
        (
            "a behaviour that the simulator does not know",
            but(
                till.charge(1),
                json!({"metadata": {"simulate": "nonsense"}}),
            ),
            400,
            "validation_failed",
        ),
        missing("for an unknown invoice", till.internal(1), UNKNOWN),
        missing("for an invoice of others", till.internal(1), &theirs),
        missing("a charge for an invoice of others", till.charge(1), &theirs),
        unpayable("for a draft", &draft),
        unpayable("for a cancelled invoice", &cancelled),
        exceeds("more than is due", till.internal(101)),
        exceeds("a charge of more than is due", till.charge(101)),
        exceeds("a payout of more than is due", till.payout(101)),
        ("to itself for an invoice", to_itself, 422, "same_account"),
    ];

    check(&till, cases).await;
    let invoice = till
        .client
        .get(&format!("/invoices/{sent}"))
        .await
        .expect(200);
    assert_eq!(invoice["amount_paid_minor"], 0);
}

#[tokio::test]
async fn an_account_in_another_currency_than_the_invoice() {
    let till = Till::with(1_000).await;
    let sent = till.invoice(100).await;
    let euros = account(&till.client, "EUR", 0).await;
    let change = json!({"invoice_id": sent, "currency": "EUR", "destination_account_id": euros});

    let answer = till.pay(&but(till.charge(1), change)).await;

    assert_eq!(answer.verdict(), (422, "currency_mismatch".to_owned()));
}

#[tokio::test]
async fn no_money_moves_without_a_key() {
    let till = Till::with(1_000).await;
    let paid = till.paid(&till.internal(100), "completed").await;

    let refunds = format!("/payments/{paid}/refunds");
    let answers = [
        till.client.post("/payments", &till.internal(1)).await,
        till.client.post(&refunds, &json!({})).await,
    ];

    for answer in answers {
        assert_eq!(
            answer.verdict(),
            (400, "idempotency_key_required".to_owned())
        );
    }
    assert_eq!(till.on(&till.full).await, (900, 0));
}

#[tokio::test]
async fn payments_of_others_do_not_exist() {
    let (till, others) = (Till::with(0).await, Till::with(1_000).await);
    let paid = others.paid(&others.internal(100), "completed").await;
    let refund = others
        .refund(&paid, &json!({"amount_minor": 1}))
        .await
        .expect(201);
    let refund = refund["id"].as_str().unwrap();
    let at = |below: &str| format!("/payments/{paid}{below}");

    let answers = [
        till.client.get(&at("")).await,
        till.client.get(&at("/events")).await,
        till.client.get(&at("/refunds")).await,
        till.client.get(&at(&format!("/refunds/{refund}"))).await,
        till.client.post(&at("/cancel"), &json!({})).await,
        till.refund(&paid, &json!({})).await,
        till.client
            .post(&at("/refund"), &json!({}))
            .idempotency_key(&fresh_key())
            .await,
    ];

    for answer in answers {
        assert_eq!(
            answer.verdict(),
            (404, "not_found".to_owned()),
            "{}",
            answer.text()
        );
    }
    assert_eq!(
        till.client.get("/payments").await.expect(200)["data"],
        json!([])
    );
    assert_eq!(others.on(&others.empty).await, (99, 0));
}

#[tokio::test]
async fn nothing_is_given_back_where_no_money_is_left() {
    let till = Till::with(1_000).await;
    let internal = till.paid(&till.internal(100), "completed").await;
    let charge = till.paid(&till.charge(100), "completed").await;
    let back = json!({
        "source_account_id": till.empty, "destination_account_id": till.full,
        "amount_minor": 200, "currency": "USD",
    });
    let spent = till
        .client
        .post("/transfers", &back)
        .idempotency_key(&fresh_key());
    spent.await.expect(201);

    for paid in [internal, charge] {
        let refused = till.refund(&paid, &json!({"amount_minor": 1})).await;
        let refunds = till.client.get(&format!("/payments/{paid}/refunds")).await;
        let payment = till
            .client
            .get(&format!("/payments/{paid}"))
            .await
            .expect(200);

        assert_eq!(refused.verdict(), (422, "insufficient_funds".to_owned()));
        assert_eq!(refunds.expect(200)["data"], json!([]));
        assert_eq!(payment["status"], "completed");
        assert_eq!(payment["refundable_minor"], 100);
    }
    assert_eq!(till.on(&till.full).await, (1_100, 0));
    assert_eq!(till.on(&till.empty).await, (0, 0));
}
