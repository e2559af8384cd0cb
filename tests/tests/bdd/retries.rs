//! Requests that are repeated.

use cucumber::{then, when};
use serde_json::json;
use tests::{Tenant, invoice};

use crate::{
    invoices::mark_request,
    moments,
    shop::{Request, Shop},
};

#[when(expr = "an invoice is created under the key {string}")]
async fn create_keyed(shop: &mut Shop, key: String) {
    shop.send(Request::post("/invoices", invoice()).under(&key))
        .await;
}

#[when(expr = "another invoice is created under the key {string}")]
async fn create_other_keyed(shop: &mut Shop, key: String) {
    let mut body = invoice();
    body["notes"] = json!("Another one.");
    shop.send(Request::post("/invoices", body).under(&key))
        .await;
}

#[when(expr = "an invoice without lines is created under the key {string}")]
async fn create_wrong_keyed(shop: &mut Shop, key: String) {
    let mut body = invoice();
    body["items"] = json!([]);
    shop.send(Request::post("/invoices", body).under(&key))
        .await;
}

#[when(expr = "another organization creates an invoice under the key {string}")]
async fn create_elsewhere(shop: &mut Shop, key: String) {
    let other = Tenant::on(moments::database().await).await;
    let client = other.at(&*moments::service_in(0).await);
    shop.send_by(&client, Request::post("/invoices", invoice()).under(&key))
        .await;
}

#[when(expr = "it is marked as {word} under the key {string}")]
async fn mark_keyed(shop: &mut Shop, status: String, key: String) {
    let request = mark_request(shop, &status).under(&key);
    shop.send(request).await;
}

#[when(expr = "the same is requested again under the key {string}")]
async fn repeat(shop: &mut Shop, key: String) {
    let request = shop
        .requests
        .last()
        .expect("something was requested")
        .clone();
    assert_eq!(request.key.as_ref(), Some(&key));
    shop.send(request).await;
}

#[when("the same is requested again under the same key in quotes")]
async fn repeat_quoted(shop: &mut Shop) {
    let request = shop
        .requests
        .last()
        .expect("something was requested")
        .clone();
    let key = format!("\"{}\"", request.key.as_deref().unwrap_or_default());
    shop.send(request.under(&key)).await;
}

#[when(expr = "the same is requested again in {int} days")]
async fn repeat_later(shop: &mut Shop, days: i64) {
    let request = shop
        .requests
        .last()
        .expect("something was requested")
        .clone();
    let client = shop.client_in(days).await;
    shop.send_by(&client, request).await;
}

#[then("both answers are the same, byte for byte")]
fn are_the_same(shop: &mut Shop) {
    let [first, second] = shop.answers.as_slice() else {
        panic!("two requests were made");
    };
    assert_eq!((first.status, first.text()), (second.status, second.text()));
}

#[then("the second is marked as a repetition")]
fn is_marked(shop: &mut Shop) {
    let marks: Vec<_> = shop
        .answers
        .iter()
        .map(|answer| answer.header("idempotency-replayed"))
        .collect();
    assert_eq!(marks, ["", "true"]);
}

#[then("the two invoices are different")]
fn are_different(shop: &mut Shop) {
    let [first, second] = shop.invoices.as_slice() else {
        panic!("two invoices were made");
    };
    assert_ne!(first, second);
}
