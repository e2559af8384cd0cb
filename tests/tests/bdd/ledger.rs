//! Accounts, and what moves between them.

use cucumber::{gherkin::Step, given, then, when};
use reqwest::Method;
use serde_json::{Value, json};
use tests::Tenant;

use crate::{
    moments,
    money::{Money, Route, minor},
    shop::{Request, Shop},
    tables::rows,
};

#[given(regex = r#"^the account "(\w+)" with ([\d.]+ \w+)$"#)]
async fn arrange_account(shop: &mut Shop, name: String, money: Money) {
    open(shop, name, &money, 0).await;
}

#[given(regex = r#"^the account "(\w+)" with ([\d.]+ \w+) that may be overdrawn by ([\d.]+)$"#)]
async fn arrange_overdraft(shop: &mut Shop, name: String, money: Money, limit: String) {
    open(shop, name, &money, minor(&limit)).await;
}

async fn open(shop: &mut Shop, name: String, money: &Money, limit_minor: i64) {
    let body = json!({
        "owner": name,
        "name": name,
        "currency": money.currency,
        "initial_balance_minor": money.minor,
        "overdraft_limit_minor": limit_minor,
    });
    let request = Request::post("/accounts", body).under(&shop.fresh_key());
    let opened = shop.arrange(request).await;
    let id = opened["id"].as_str().expect("an account has an id");
    shop.accounts.insert(name, id.to_owned());
}

/// A transfer under a key of its own.
fn transfer(shop: &Shop, money: &Money, route: &Route) -> Request {
    let body = json!({
        "source_account_id": shop.account(&route.from),
        "destination_account_id": shop.account(&route.to),
        "amount_minor": money.minor,
        "currency": money.currency,
    });
    Request::post("/transfers", body).under(&shop.fresh_key())
}

#[when(regex = r#"^([\d.]+ \w+) are transferred from ("\w+" to "\w+")$"#)]
async fn post_transfer(shop: &mut Shop, money: Money, route: Route) {
    let request = transfer(shop, &money, &route);
    shop.send(request).await;
}

#[given(regex = r#"^([\d.]+ \w+) were transferred from ("\w+" to "\w+")$"#)]
async fn arrange_transfer(shop: &mut Shop, money: Money, route: Route) {
    let request = transfer(shop, &money, &route);
    shop.arrange(request).await;
}

#[when(regex = r#"^([\d.]+ \w+) are transferred from ("\w+" to "\w+") under the key "([^"]+)"$"#)]
async fn post_keyed(shop: &mut Shop, money: Money, route: Route, key: String) {
    let request = transfer(shop, &money, &route).under(&key);
    shop.send(request).await;
}

#[when(regex = r#"^another organization transfers ([\d.]+ \w+) from ("\w+" to "\w+")$"#)]
async fn post_elsewhere(shop: &mut Shop, money: Money, route: Route) {
    let other = Tenant::on(moments::database().await).await;
    let client = other.at(&*moments::service_in(0).await);
    let request = transfer(shop, &money, &route);
    shop.send_by(&client, request).await;
}

#[when(
    regex = r#"^([\d.]+ \w+) and then ([\d.]+ \w+) are transferred together from ("\w+" to "\w+")$"#
)]
async fn post_together(shop: &mut Shop, first: Money, second: Money, route: Route) {
    let transfers = [first, second].map(|money| transfer(shop, &money, &route).body);
    let body = json!({"mode": "atomic", "transfers": transfers});
    let request = Request::post("/transfers/batch", body).under(&shop.fresh_key());
    shop.send(request).await;
}

fn movement(shop: &Shop, what: &str, name: &str, money: &Money) -> Request {
    let body = json!({"amount_minor": money.minor, "currency": money.currency});
    let path = format!("/accounts/{}/{what}", shop.account(name));
    Request::post(path, body).under(&shop.fresh_key())
}

#[when(regex = r#"^([\d.]+ \w+) are deposited to "(\w+)"$"#)]
async fn deposit(shop: &mut Shop, money: Money, name: String) {
    let request = movement(shop, "deposits", &name, &money);
    shop.send(request).await;
}

#[when(regex = r#"^([\d.]+ \w+) are withdrawn from "(\w+)"$"#)]
async fn withdraw(shop: &mut Shop, money: Money, name: String) {
    let request = movement(shop, "withdrawals", &name, &money);
    shop.send(request).await;
}

#[given(regex = r#"^([\d.]+ \w+) were deposited to "(\w+)"$"#)]
async fn arrange_deposit(shop: &mut Shop, money: Money, name: String) {
    let request = movement(shop, "deposits", &name, &money);
    let client = shop.client.clone();
    request.send_by(&client).await.expect(201);
}

#[given(regex = r#"^([\d.]+ \w+) were withdrawn from "(\w+)"$"#)]
async fn arrange_withdrawal(shop: &mut Shop, money: Money, name: String) {
    let request = movement(shop, "withdrawals", &name, &money);
    let client = shop.client.clone();
    request.send_by(&client).await.expect(201);
}

#[when("the transfer is reversed")]
async fn reverse(shop: &mut Shop) {
    let path = format!("/transfers/{}/reverse", shop.transfer());
    let request = Request::post(path, json!({})).under(&shop.fresh_key());
    shop.send(request).await;
}

#[given(expr = "{string} is frozen")]
async fn freeze(shop: &mut Shop, name: String) {
    let request = status_change(shop, &name, "frozen");
    shop.arrange(request).await;
}

#[when(expr = "{string} is closed")]
async fn close(shop: &mut Shop, name: String) {
    let request = status_change(shop, &name, "closed");
    shop.send(request).await;
}

fn status_change(shop: &Shop, name: &str, status: &str) -> Request {
    let path = format!("/accounts/{}", shop.account(name));
    Request::patch(path, json!({"status": status}))
}

pub(crate) async fn balance(shop: &Shop, name: &str) -> Value {
    let path = format!("/accounts/{}/balance", shop.account(name));
    shop.client.get(&path).await.expect(200)
}

#[then(regex = r#"^"(\w+)" has (-?[\d.]+ \w+)$"#)]
async fn has(shop: &mut Shop, name: String, money: Money) {
    let balance = balance(shop, &name).await;
    assert_eq!(balance["balance_minor"], money.minor, "{balance}");
    assert_eq!(balance["currency"], money.currency, "{balance}");
}

#[then(regex = r#"^"(\w+)" has (-?[\d.]+ \w+) available$"#)]
async fn has_available(shop: &mut Shop, name: String, money: Money) {
    let balance = balance(shop, &name).await;
    assert_eq!(balance["available_minor"], money.minor, "{balance}");
}

#[then(
    regex = r"^the answer tells that ([\d.]+) are left on the source and ([\d.]+) are on the destination$"
)]
fn tells_balances(shop: &mut Shop, source: String, destination: String) {
    let told = shop.answer().expect(201);
    assert_eq!(told["source_balance_after_minor"], minor(&source));
    assert_eq!(told["destination_balance_after_minor"], minor(&destination));
}

#[then(expr = "the movements of {string} are")]
async fn movements(shop: &mut Shop, step: &Step, name: String) {
    let path = format!("/accounts/{}/transactions", shop.account(&name));
    let listed = shop.client.get(&path).await.expect(200);
    let told: Vec<_> = listed["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| {
            let kind = it["kind"].as_str().unwrap_or_default().to_owned();
            (
                kind,
                it["amount_minor"].as_i64(),
                it["balance_after_minor"].as_i64(),
            )
        })
        .collect();
    let expected: Vec<_> = rows(step)
        .into_iter()
        .map(|row| {
            (
                row["kind"].clone(),
                Some(minor(&row["amount"])),
                Some(minor(&row["balance"])),
            )
        })
        .collect();
    assert_eq!(told, expected);
}

#[then("the ledger adds up")]
async fn adds_up(shop: &mut Shop) {
    let trial = shop.client.get("/ledger/trial-balance").await.expect(200);
    let currencies = trial["currencies"].as_array().expect("a list");
    assert!(!currencies.is_empty());
    for currency in currencies {
        assert_eq!(currency["balances_minor"], 0, "{currency}");
    }
    let promises = shop
        .client
        .call(Method::GET, "/api/v1/ledger/invariants")
        .await
        .expect(200);
    for promise in promises["data"].as_array().expect("a list") {
        assert_eq!(promise["holds"], true, "{promise}");
    }
}
