//! Why vouchers give nothing: each reason is told when a voucher is tried and when it is used.

use serde_json::{Value, json};
use tests::{Client, invoice, line};

use super::{campaign, issue, redeem, shop};

/// What a campaign says besides, what is done with it, and why its voucher gives nothing then.
struct Case {
    terms: Value,
    used: bool,
    change: Value,
    reason: &'static str,
}

fn terms(terms: Value, reason: &'static str) -> Case {
    Case {
        terms,
        used: false,
        change: json!({}),
        reason,
    }
}

fn used(limits: Value, reason: &'static str) -> Case {
    Case {
        used: true,
        ..terms(limits, reason)
    }
}

fn changed(change: Value, reason: &'static str) -> Case {
    Case {
        change,
        ..terms(json!({}), reason)
    }
}

/// Of what a draft of 80.00 USD of Ada's is refused.
fn of_drafts() -> Vec<Case> {
    let over = json!({"valid_from": "2020-01-01T00:00:00Z", "valid_until": "2021-01-01T00:00:00Z"});
    vec![
        terms(over, "voucher_expired"),
        terms(
            json!({"valid_from": "2999-01-01T00:00:00Z"}),
            "voucher_not_yet_valid",
        ),
        terms(json!({"min_total_minor": 8_001}), "minimum_not_reached"),
        terms(json!({"currency": "EUR"}), "currency_mismatch"),
        used(json!({"max_redemptions": 1}), "voucher_exhausted"),
        used(json!({"max_redemptions_per_code": 1}), "voucher_exhausted"),
        used(
            json!({"max_redemptions_per_customer": 1}),
            "voucher_customer_limit",
        ),
        used(json!({"budget_minor": 999}), "campaign_budget_exhausted"),
        changed(json!({"status": "paused"}), "campaign_paused"),
        changed(json!({"status": "ended"}), "voucher_expired"),
    ]
}

async fn draft(client: &Client) -> String {
    let mut body = invoice();
    body["items"] = json!([line(1, 8_000, 0)]);
    client.create("/invoices", &body).await
}

async fn apply(client: &Client, draft: &str, code: &str) -> (u16, String) {
    let path = format!("/invoices/{draft}/vouchers");
    client.post(&path, &json!({"code": code})).await.verdict()
}

async fn validate(client: &Client, code: &str) -> (u16, String) {
    let trial = json!({"currency": "USD", "total_minor": 8_000, "email": "ada@example.com"});
    let path = format!("/vouchers/{code}/validate");
    client.post(&path, &trial).await.verdict()
}

#[tokio::test]
async fn each_reason_is_told_at_every_door() {
    let (_service, client) = shop().await;
    for (number, case) in of_drafts().into_iter().enumerate() {
        let code = format!("CODE-{number}");
        let id = campaign(&client, &case.terms).await;
        issue(&client, &id, &code).await;
        if case.used {
            redeem(&client, &code).await;
        }
        if case.change != json!({}) {
            let path = format!("/campaigns/{id}");
            client.patch(&path, &case.change).await.expect(200);
        }
        let draft = draft(&client).await;

        let expected = (422, case.reason.to_owned());
        assert_eq!(validate(&client, &code).await, expected, "{code}");
        assert_eq!(apply(&client, &draft, &code).await, expected, "{code}");
        let path = format!("/invoices/{draft}");
        let draft = client.get(&path).await.expect(200);
        assert_eq!(draft["discount_minor"], 0, "{code}");
    }
}

#[tokio::test]
async fn what_stands_on_a_draft_is_not_applied_again_and_what_is_disabled_not_at_all() {
    let (_service, client) = shop().await;
    let id = campaign(&client, &json!({})).await;
    issue(&client, &id, "SUMMER").await;
    let taken = redeem(&client, "SUMMER").await;

    let twice = apply(&client, &taken, "summer").await;
    let disable = json!({"status": "disabled"});
    client.patch("/vouchers/SUMMER", &disable).await.expect(200);
    let fresh = draft(&client).await;
    let disabled = [
        validate(&client, "SUMMER").await,
        apply(&client, &fresh, "SUMMER").await,
    ];

    assert_eq!(twice, (422, "already_applied".to_owned()));
    assert_eq!(
        disabled,
        [(); 2].map(|()| (422, "voucher_disabled".to_owned()))
    );
}

#[tokio::test]
async fn gifts_are_refused_for_the_same_reasons_and_bring_nothing() {
    let (_service, client) = shop().await;
    let account = json!({"owner": "ada", "currency": "USD"});
    let account = client.create("/accounts", &account).await;
    let over = json!({"valid_from": "2020-01-01T00:00:00Z", "valid_until": "2021-01-01T00:00:00Z"});
    let cases = [
        (over, 0, "voucher_expired"),
        (
            json!({"valid_from": "2999-01-01T00:00:00Z"}),
            0,
            "voucher_not_yet_valid",
        ),
        (json!({}), 1, "voucher_exhausted"),
        (json!({"max_redemptions": 1}), 1, "voucher_exhausted"),
        (
            json!({"max_redemptions_per_code": 9, "max_redemptions_per_customer": 1}),
            1,
            "voucher_customer_limit",
        ),
        (
            json!({"max_redemptions_per_code": 9, "budget_minor": 999}),
            1,
            "campaign_budget_exhausted",
        ),
    ];
    let mut brought = 0;
    for (number, (mut terms, uses, reason)) in cases.into_iter().enumerate() {
        terms["kind"] = json!("gift");
        let code = format!("GIFT-{number}");
        let id = campaign(&client, &terms).await;
        issue(&client, &id, &code).await;
        let body = json!({"account_id": account, "email": "ada@example.com"});
        let path = format!("/vouchers/{code}/redeem");
        let redeem = |key: String| client.post(&path, &body).idempotency_key(&key);
        for n in 0..uses {
            redeem(format!("{code}-{n}")).await.expect(201);
            brought += 500;
        }

        let refused = redeem(format!("{code}-refused")).await;

        assert_eq!(refused.verdict(), (422, reason.to_owned()), "{code}");
    }
    let path = format!("/accounts/{account}");
    let account = client.get(&path).await.expect(200);
    assert_eq!(account["balance_minor"], brought);
}
