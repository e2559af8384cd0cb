//! Which vouchers would give something.

use serde_json::{Value, json};
use tests::Client;

use super::{NOBODY, campaign, codes, issue, redeem, shop, shown};

const CART: &str = "/vouchers/applicable?currency=USD&total_minor=8000";

/// A campaign with one voucher.
async fn offer(client: &Client, code: &str, more: &Value) -> String {
    let id = campaign(client, more).await;
    issue(client, &id, code).await;
    id
}

/// Waits until so many vouchers are known.
async fn known(client: &Client, count: usize) {
    shown(client, "/vouchers?limit=100", |list| {
        codes(list).len() == count
    })
    .await;
}

#[tokio::test]
async fn those_that_would_give_something_come_best_first() {
    let (_service, client) = shop().await;
    offer(&client, "FIVE", &json!({})).await;
    offer(&client, "NINE", &json!({"amount_minor": 900})).await;
    let tenth = json!({"name": "Tenth", "kind": "discount", "percent_bps": 1_000});
    let tenth = client.create("/campaigns", &tenth).await;
    issue(&client, &tenth, "TENTH").await;
    let gift = json!({"kind": "gift", "amount_minor": 2_000});
    offer(&client, "GIFT", &gift).await;
    known(&client, 4).await;

    let all = shown(&client, CART, |list| codes(list).len() == 4).await;
    let best = client.get(&format!("{CART}&limit=1")).await.expect(200);

    let amounts: Vec<_> = all["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["amount_minor"].as_i64().unwrap())
        .collect();
    assert_eq!(codes(&all), ["GIFT", "NINE", "TENTH", "FIVE"]);
    assert_eq!(amounts, [2_000, 900, 800, 500]);
    assert_eq!(codes(&best), ["GIFT"]);
    assert_eq!(best["data"][0]["currency"].as_str(), Some("USD"));
}

#[tokio::test]
async fn those_that_would_give_nothing_are_left_out() {
    let (_service, client) = shop().await;
    offer(&client, "GOOD", &json!({})).await;
    let euros = json!({"currency": "EUR"});
    offer(&client, "EUROS", &euros).await;
    offer(&client, "DEAR", &json!({"min_total_minor": 8_001})).await;
    let soon = json!({"valid_from": "2999-01-01T00:00:00Z"});
    offer(&client, "SOON", &soon).await;
    let over = json!({"valid_until": "2020-01-01T00:00:00Z"});
    offer(&client, "OVER", &over).await;
    offer(&client, "POOR", &json!({"budget_minor": 499})).await;
    let paused = offer(&client, "PAUSED", &json!({})).await;
    let path = format!("/campaigns/{paused}");
    let to = json!({"status": "paused"});
    client.patch(&path, &to).await.expect(200);
    offer(&client, "DISABLED", &json!({})).await;
    let to = json!({"status": "disabled"});
    client.patch("/vouchers/DISABLED", &to).await.expect(200);
    let once = json!({"max_redemptions_per_code": 1});
    offer(&client, "USED", &once).await;
    redeem(&client, "USED").await;
    let all_used = json!({"max_redemptions": 1});
    offer(&client, "ALL-USED", &all_used).await;
    redeem(&client, "ALL-USED").await;

    let found = shown(&client, CART, |list| codes(list) == ["GOOD"]).await;
    let nothing = "/vouchers/applicable?currency=USD&total_minor=0";
    let nothing = client.get(nothing).await.expect(200);

    assert_eq!(found["data"][0]["amount_minor"], 500);
    assert_eq!(codes(&nothing), [""; 0]);
}

#[tokio::test]
async fn a_code_that_can_be_redeemed_more_often_than_its_campaign_says_is_found() {
    let (_service, client) = shop().await;
    let once = json!({"max_redemptions_per_code": 1});
    let id = offer(&client, "ONCE", &once).await;
    let twice = json!({"campaign_id": id, "code": "TWICE", "max_redemptions": 2});
    client.post("/vouchers", &twice).await.expect(201);
    redeem(&client, "ONCE").await;
    redeem(&client, "TWICE").await;
    let path = format!("/campaigns/{id}/stats");
    shown(&client, &path, |it| it["redeemed"] == 2).await;

    let left = client.get(CART).await.expect(200);
    redeem(&client, "TWICE").await;
    let none = shown(&client, CART, |list| codes(list).is_empty()).await;

    assert_eq!(codes(&left), ["TWICE"]);
    assert_eq!(none, json!({"data": []}));
}

#[tokio::test]
async fn what_a_customer_may_not_redeem_is_not_offered_to_it() {
    let (_service, client) = shop().await;
    let ada = json!({"name": "Ada", "email": "ada@example.com"});
    let ada = client.create("/customers", &ada).await;
    let once = json!({"max_redemptions_per_customer": 1});
    offer(&client, "EACH", &once).await;
    offer(&client, "FREE", &json!({"amount_minor": 100})).await;
    known(&client, 2).await;
    let hers = format!("{CART}&customer_id={ada}");
    let by_address = format!("{CART}&email=ADA@example.com");
    shown(&client, &hers, |list| codes(list) == ["EACH", "FREE"]).await;

    let unknown = client.get(CART).await.expect(200);
    let mut cart = tests::invoice();
    cart["customer_id"] = json!(ada);
    cart.as_object_mut().unwrap().remove("customer");
    let invoice = client.create("/invoices", &cart).await;
    let path = format!("/invoices/{invoice}/vouchers");
    let applied = client.post(&path, &json!({"code": "EACH"})).await;
    applied.expect(200);
    let then = client.get(&hers).await.expect(200);
    let then_by_address = client.get(&by_address).await.expect(200);
    let blocked = json!({"email": "ada@example.com"});
    let block = client.post("/voucher-blocklist", &blocked).await;
    block.expect(201);
    let last = client.get(&hers).await.expect(200);

    assert_eq!(codes(&unknown), ["FREE"]);
    assert_eq!(
        (codes(&then), codes(&then_by_address)),
        (vec!["FREE".to_owned()], vec!["FREE".to_owned()])
    );
    assert_eq!(codes(&last), [""; 0]);
}

#[tokio::test]
async fn what_is_wrong_with_a_cart_is_told_at_once() {
    let (_service, client) = shop().await;
    let nobody = format!("{CART}&customer_id={NOBODY}");

    let empty = client.get("/vouchers/applicable").await;
    let wrong =
        "/vouchers/applicable?customer_id=7&email=x&currency=XXX&total_minor=-1&limit=101&cursor=a";
    let wrong = client.get(wrong).await;
    let unknown = client.get(&nobody).await;
    let large = client
        .get("/vouchers/applicable?currency=USD&total_minor=9007199254740992")
        .await;

    let place = |(place, _): (String, String)| place;
    assert_eq!(empty.status, 400);
    let places: Vec<_> = empty.faults().into_iter().map(place).collect();
    assert_eq!(places, ["currency", "total_minor"]);
    assert_eq!(wrong.status, 400);
    let places: Vec<_> = wrong.faults().into_iter().map(place).collect();
    let all = [
        "currency",
        "cursor",
        "customer_id",
        "email",
        "limit",
        "total_minor",
    ];
    assert_eq!(places, all);
    assert_eq!(unknown.verdict(), (404, "customer_not_found".to_owned()));
    assert_eq!(large.status, 400);
}
