//! What vouchers bring, up to how much, to whom, and where they bring nothing.

use serde_json::{Value, json};
use tests::{Answer, Client, Stage, Tenant, invoice, line};

use super::{campaign, issue};

/// A code of a campaign that differs from 5.00 USD off by `more`.
async fn code(client: &Client, code: &str, more: &Value) {
    let id = campaign(client, more).await;
    issue(client, &id, code).await;
}

/// A draft of so much that a code is tried on.
async fn applied(client: &Client, code: &str, minor: i64) -> Answer {
    let mut body = invoice();
    body["items"] = json!([line(1, minor, 0)]);
    let id = client.create("/invoices", &body).await;
    let path = format!("/invoices/{id}/vouchers");
    client.post(&path, &json!({"code": code})).await
}

async fn redeemed(client: &Client, code: &str, to: &Value) -> Answer {
    let call = client.post(&format!("/vouchers/{code}/redeem"), to);
    call.idempotency_key(&format!("{code} {to}")).await
}

#[tokio::test]
async fn a_percentage_takes_off_no_more_than_its_campaign_says() {
    let client = Stage::client().await;
    let terms = json!({
        "amount_minor": null, "percent_bps": 5_000, "currency": "USD", "max_discount_minor": 1_000,
    });
    code(&client, "HALF", &terms).await;
    let cart = |minor: i64| json!({"currency": "USD", "total_minor": minor});

    let small = client.post("/vouchers/HALF/validate", &cart(1_500)).await;
    let large = client.post("/vouchers/HALF/validate", &cart(8_000)).await;
    let draft = applied(&client, "HALF", 8_000).await;

    assert_eq!(small.expect(200)["amount_minor"], 750);
    assert_eq!(large.expect(200)["amount_minor"], 1_000);
    assert_eq!(draft.expect(200)["discount_minor"], 1_000);
}

#[tokio::test]
async fn a_gift_takes_nothing_off_an_invoice_and_is_not_used_up_by_the_attempt() {
    let client = Stage::client().await;
    code(&client, "GIFT", &json!({"kind": "gift"})).await;
    let account = json!({"owner": "ada", "currency": "USD"});
    let account = client.create("/accounts", &account).await;

    let refused = applied(&client, "GIFT", 8_000).await;
    let given = redeemed(&client, "GIFT", &json!({"account_id": account})).await;

    assert_eq!(refused.verdict(), (422, "voucher_of_other_kind".to_owned()));
    given.expect(201);
}

#[tokio::test]
async fn a_gift_comes_to_the_wallet_of_a_user() {
    let client = Stage::client().await;
    code(&client, "GIFT", &json!({"kind": "gift"})).await;
    let user = json!({"username": "ada1815", "name": "Ada Lovelace", "dni": "12345678", "currency": "USD"});
    let user = client.create("/users", &user).await;

    redeemed(&client, "GIFT", &json!({"user_id": user}))
        .await
        .expect(201);

    let wallet = client
        .get(&format!("/users/{user}/wallet"))
        .await
        .expect(200);
    assert_eq!(wallet["balance_minor"], 500);
}

#[tokio::test]
async fn a_gift_comes_to_nobody_of_another_organization() {
    let client = Stage::client().await;
    code(&client, "GIFT", &json!({"kind": "gift"})).await;
    let stranger = Tenant::on(Stage::shared().await.service.database()).await;
    let stranger = stranger.at(&Stage::shared().await.service);
    let account = json!({"owner": "eve", "currency": "USD"});
    let account = stranger.create("/accounts", &account).await;
    let user = json!({"username": "eve1815", "name": "Eve", "dni": "12345678", "currency": "USD"});
    let user = stranger.create("/users", &user).await;
    let customer = stranger.create("/customers", &tests::customer()).await;
    let own = client
        .create("/accounts", &json!({"owner": "ada", "currency": "USD"}))
        .await;

    for (to, code) in [
        (json!({"account_id": account}), "account_not_found"),
        (json!({"user_id": user}), "not_found"),
        (
            json!({"account_id": own, "customer_id": customer}),
            "customer_not_found",
        ),
    ] {
        let refused = redeemed(&client, "GIFT", &to).await;
        assert_eq!(refused.verdict(), (404, code.to_owned()), "{to}");
    }
    redeemed(&client, "GIFT", &json!({"account_id": own}))
        .await
        .expect(201);
}

/// Also where the customer that redeems is only named afterwards.
#[tokio::test]
async fn a_limit_of_a_customer_holds_for_drafts_that_become_hers() {
    let client = Stage::client().await;
    let terms = json!({"max_redemptions_per_customer": 1});
    code(&client, "ONCE", &terms).await;
    let draft_of = async |address: &str| {
        let mut body = invoice();
        body["customer"]["email"] = address.into();
        body["items"] = json!([line(1, 8_000, 0)]);
        format!("/invoices/{}", client.create("/invoices", &body).await)
    };
    let hers = draft_of("ada@example.com").await;
    let his = draft_of("bob@example.com").await;
    for draft in [&hers, &his] {
        let applied = client.post(&format!("{draft}/vouchers"), &json!({"code": "ONCE"}));
        applied.await.expect(200);
    }
    let mut customer = invoice()["customer"].clone();
    customer["email"] = "ada@example.com".into();

    let refused = client.patch(&his, &json!({"customer": customer})).await;
    let off = client.delete(&format!("{hers}/vouchers/ONCE")).await;
    off.expect(200);
    let taken = client.patch(&his, &json!({"customer": customer})).await;

    assert_eq!(
        refused.verdict(),
        (422, "voucher_customer_limit".to_owned())
    );
    assert_eq!(taken.expect(200)["discount_minor"], 500);
}
