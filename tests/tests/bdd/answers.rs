//! What requests are answered.

use cucumber::{then, when};
use reqwest::Method;

use crate::shop::Shop;

#[when(expr = "{string} is requested")]
async fn request_anything(shop: &mut Shop, request: String) {
    let answer = request_line(&request, &shop.client).await;
    shop.answers.push(answer);
}

/// Sends a request that is spelt as `GET /api/v1/invoices`, with an empty object as the body where there has to be one.
pub(crate) async fn request_line(line: &str, client: &tests::Client) -> tests::Answer {
    let (method, path) = line.split_once(' ').expect("a method and a path");
    let method: Method = method.parse().expect("a method");
    let has_body = method == Method::POST || method == Method::PATCH;
    let call = client.call(method, path);
    if has_body {
        call.text("{}").await
    } else {
        call.await
    }
}

#[then(expr = "the request is refused with {int} {string}")]
fn is_refused(shop: &mut Shop, status: u16, code: String) {
    assert_eq!(
        shop.answer().verdict(),
        (status, code),
        "{}",
        shop.answer().text()
    );
}

#[then(expr = "the answer is {int}")]
fn is_answered(shop: &mut Shop, status: u16) {
    assert_eq!(shop.answer().status, status, "{}", shop.answer().text());
}

#[then(expr = "the refusal says {string}")]
fn says(shop: &mut Shop, detail: String) {
    assert_eq!(shop.answer().json()["detail"], detail);
}

#[then(expr = "the answer allows {string}")]
fn allows(shop: &mut Shop, methods: String) {
    assert_eq!(shop.answer().header("allow"), methods);
}

#[then(expr = "the answer asks for {string} authentication")]
fn asks_for(shop: &mut Shop, scheme: String) {
    assert_eq!(shop.answer().header("www-authenticate"), scheme);
}

#[then("the refusal names its request, its path and a page that explains it")]
fn explains_itself(shop: &mut Shop) {
    let (answer, body) = (shop.answer(), shop.answer().json());
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(body["request_id"], answer.header("x-request-id"));
    assert_eq!(body["instance"], "/api/v1/invoices");
    assert_eq!(body["type"], "/problems/validation-failed");
}

#[then("that page exists")]
async fn page_exists(shop: &mut Shop) {
    let page = shop.answer().json()["type"]
        .as_str()
        .expect("a path")
        .to_owned();
    shop.client.call(Method::GET, &page).await.expect(200);
}
