//! Money that is reserved.

use cucumber::{given, then, when};
use serde_json::{Value, json};

use crate::{
    money::{Money, Route, minor},
    shop::{Request, Shop},
};

fn hold(shop: &Shop, money: &Money, route: &Route) -> Request {
    let body = json!({
        "account_id": shop.account(&route.from),
        "destination_account_id": shop.account(&route.to),
        "amount_minor": money.minor,
        "currency": money.currency,
    });
    Request::post("/holds", body).under(&shop.fresh_key())
}

#[when(regex = r#"^([\d.]+ \w+) are reserved on ("\w+" for "\w+")$"#)]
async fn reserve(shop: &mut Shop, money: Money, route: Route) {
    let request = hold(shop, &money, &route);
    shop.send(request).await;
}

#[given(regex = r#"^([\d.]+ \w+) were reserved on ("\w+" for "\w+")$"#)]
async fn arrange(shop: &mut Shop, money: Money, route: Route) {
    let request = hold(shop, &money, &route);
    shop.arrange(request).await;
}

fn resolution(shop: &Shop, how: &str, body: Value) -> Request {
    Request::post(format!("/holds/{}/{how}", shop.hold()), body).under(&shop.fresh_key())
}

#[when("the hold is captured")]
async fn capture(shop: &mut Shop) {
    let request = resolution(shop, "capture", json!({}));
    shop.send(request).await;
}

#[when(regex = r"^([\d.]+) of the hold are captured$")]
async fn capture_part(shop: &mut Shop, amount: String) {
    let request = resolution(shop, "capture", json!({"amount_minor": minor(&amount)}));
    shop.send(request).await;
}

#[when(expr = "the hold is captured in {int} days")]
async fn capture_later(shop: &mut Shop, days: i64) {
    let client = shop.client_in(days).await;
    let request = resolution(shop, "capture", json!({}));
    shop.send_by(&client, request).await;
}

#[when("the hold is voided")]
async fn void(shop: &mut Shop) {
    let request = resolution(shop, "void", json!({}));
    shop.send(request).await;
}

#[then(regex = r"^the hold is (pending|captured|voided|expired)$")]
async fn is(shop: &mut Shop, status: String) {
    let path = format!("/holds/{}", shop.hold());
    let hold = shop.client.get(&path).await.expect(200);
    assert_eq!(hold["status"], status);
}
