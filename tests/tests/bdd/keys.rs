//! The organization and its keys.

use cucumber::{given, then, when};
use serde_json::{Value, json};
use tests::{Client, Tenant, day};

use crate::{
    answers::request_line,
    moments,
    shop::{Request, Shop},
};

#[when(expr = "the organization changes its name to {string}")]
async fn rename(shop: &mut Shop, name: String) {
    shop.arrange(Request::patch("/organization", json!({"legal_name": name})))
        .await;
}

#[then(expr = "the organization is called {string}")]
async fn is_called(shop: &mut Shop, name: String) {
    assert_eq!(
        shop.client.get("/organization").await.expect(200)["legal_name"],
        name
    );
}

#[when("invoices are listed without a key")]
async fn list_without_key(shop: &mut Shop) {
    let stranger = moments::service_in(0).await.stranger();
    shop.send_by(&stranger, Request::get("/invoices")).await;
}

#[when(expr = "invoices are listed with the key {string}")]
async fn list_with_key(shop: &mut Shop, key: String) {
    let client = shop.client.with_key(&key);
    shop.send_by(&client, Request::get("/invoices")).await;
}

#[given(expr = "a key with the scopes {string}")]
async fn arrange_key(shop: &mut Shop, scopes: String) {
    shop.arrange(Request::post(
        "/api-keys",
        json!({"name": "narrow", "scopes": split(&scopes)}),
    ))
    .await;
}

#[given(expr = "a key that expires in {int} days")]
async fn arrange_expiring_key(shop: &mut Shop, days: i64) {
    arrange_short_lived(shop, "invoices:read", days).await;
}

#[given(expr = "a key to the keys that expires in {int} days")]
async fn arrange_expiring_key_to_keys(shop: &mut Shop, days: i64) {
    arrange_short_lived(shop, "keys:write", days).await;
}

async fn arrange_short_lived(shop: &mut Shop, scope: &str, days: i64) {
    let expires_at = format!("{}T00:00:00Z", day(days));
    let body = json!({"name": "short-lived", "scopes": [scope], "expires_at": expires_at});
    shop.arrange(Request::post("/api-keys", body)).await;
}

fn split(scopes: &str) -> Value {
    scopes.split(", ").map(Value::from).collect()
}

fn narrow(shop: &Shop) -> Client {
    let (_id, secret) = shop.key.as_ref().expect("a key was made");
    shop.client.with_key(secret)
}

#[when(expr = "that key requests {string}")]
async fn use_key(shop: &mut Shop, request: String) {
    let answer = request_line(&request, &narrow(shop)).await;
    shop.answers.push(answer);
}

#[when(expr = "that key makes a key with the scopes {string}")]
async fn grant(shop: &mut Shop, scopes: String) {
    let body = json!({"name": "wider", "scopes": split(&scopes)});
    let client = narrow(shop);
    shop.send_by(&client, Request::post("/api-keys", body))
        .await;
}

#[when("that key is revoked")]
async fn revoke(shop: &mut Shop) {
    let (id, _secret) = shop.key.clone().expect("a key was made");
    shop.arrange(Request::delete(format!("/api-keys/{id}")))
        .await;
}

#[when("the keys are listed")]
async fn list_keys(shop: &mut Shop) {
    shop.send(Request::get("/api-keys")).await.expect(200);
}

#[then("no secret is shown")]
fn shows_no_secret(shop: &mut Shop) {
    let (_id, secret) = shop.key.clone().expect("a key was made");
    let list = shop.answer().text();
    assert!(list.contains("narrow"), "{list}");
    assert!(
        !list.contains(&secret) && !list.contains(&shop.tenant.key),
        "{list}"
    );
}

#[then(expr = "that key opens the books in {int} days")]
async fn opens(shop: &mut Shop, days: i64) {
    assert_eq!(status_in(shop, days).await, 200);
}

#[then(expr = "it does not open them in {int} days")]
async fn does_not_open(shop: &mut Shop, days: i64) {
    assert_eq!(status_in(shop, days).await, 401);
}

async fn status_in(shop: &Shop, days: i64) -> u16 {
    let (_id, secret) = shop.key.as_ref().expect("a key was made");
    let then = moments::service_in(days).await.stranger().with_key(secret);
    then.get("/invoices").await.status
}

#[when("another organization reads it")]
async fn read_elsewhere(shop: &mut Shop) {
    let other = Tenant::on(moments::database().await).await;
    let client = other.at(&*moments::service_in(0).await);
    let path = format!("/invoices/{}", shop.invoice());
    shop.send_by(&client, Request::get(path)).await;
}
