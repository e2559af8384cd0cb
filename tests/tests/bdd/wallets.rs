//! Users, and the money they pay each other.

use cucumber::{given, then, when};
use serde_json::{Value, json};

use crate::shop::{Request, Shop};

/// Somebody's national id where the scenario does not care which: another one for each name.
fn any_national_id(username: &str) -> String {
    let sum = username
        .bytes()
        .fold(0_u32, |sum, byte| sum.wrapping_mul(31) + u32::from(byte));
    format!("{:08}", sum % 100_000_000)
}

fn registration(username: &str, national_id: &str) -> Request {
    let body = json!({
        "username": username,
        "name": "Ada Lovelace",
        "dni": national_id,
        "currency": "USD",
    });
    Request::post("/users", body)
}

#[given(regex = r#"^the user "(\w+)"(?: with the national id "(\d+)")?$"#)]
async fn arrange(shop: &mut Shop, username: String, national_id: String) {
    let national_id = if national_id.is_empty() {
        any_national_id(&username)
    } else {
        national_id
    };
    shop.arrange(registration(&username, &national_id)).await;
}

#[when(expr = "the user {string} is registered with the national id {string}")]
async fn register(shop: &mut Shop, username: String, national_id: String) {
    shop.send(registration(&username, &national_id)).await;
}

#[then(expr = "the national id is shown as {string}")]
fn shows_national_id(shop: &mut Shop, expected: String) {
    assert_eq!(shop.answer().json()["dni"], expected);
}

#[when(expr = "{string} recharges {int}")]
async fn recharge(shop: &mut Shop, username: String, minor: i64) {
    let request = movement(shop, &username, "deposits", minor).await;
    shop.send(request).await;
}

#[given(regex = r#"^"(\w+)" has (recharged|withdrawn) (\d+)$"#)]
async fn arrange_movement(shop: &mut Shop, username: String, what: String, minor: i64) {
    let what = if what == "recharged" {
        "deposits"
    } else {
        "withdrawals"
    };
    let request = movement(shop, &username, what, minor).await;
    shop.arrange(request).await;
}

#[when(expr = "{string} pays {string} {int}")]
async fn pay(shop: &mut Shop, from: String, to: String, minor: i64) {
    let body = json!({"from_username": from, "to_username": to, "amount_minor": minor});
    shop.send(Request::post("/wallet-transfers", body).under("payment"))
        .await;
}

#[when(expr = "{string} leaves")]
async fn leave(shop: &mut Shop, username: String) {
    let path = path_of(shop, &username).await;
    shop.send(Request::delete(path)).await;
}

#[then(expr = "{string} has {int}")]
async fn has(shop: &mut Shop, username: String, minor: i64) {
    let path = path_of(shop, &username).await;
    let wallet = Request::get(format!("{path}/wallet"))
        .send_by(&shop.client)
        .await
        .expect(200);
    assert_eq!(
        (&wallet["balance_minor"], &wallet["available_minor"]),
        (&json!(minor), &json!(minor))
    );
}

#[then(expr = "nobody is called {string}")]
async fn is_nobody(shop: &mut Shop, username: String) {
    assert_eq!(found(shop, &username).await, json!([]));
}

async fn movement(shop: &Shop, username: &str, what: &str, minor: i64) -> Request {
    let path = path_of(shop, username).await;
    let body = json!({"amount_minor": minor});
    Request::post(format!("{path}/wallet/{what}"), body).under(&format!("{username}-{what}"))
}

async fn path_of(shop: &Shop, username: &str) -> String {
    let found = found(shop, username).await;
    let id = found[0]["id"].as_str().expect("there is such a user");
    format!("/users/{id}")
}

async fn found(shop: &Shop, username: &str) -> Value {
    let request = Request::get(format!("/users?username={username}"));
    request.send_by(&shop.client).await.expect(200)["data"].clone()
}
