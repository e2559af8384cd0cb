//! The review of invoices.

use cucumber::{given, then, when};
use serde_json::{Value, json};
use tests::{Database, Service, Setup, Tenant, eventually, invoice, line};
use tokio::sync::OnceCell;

use crate::{
    invoices::{edit, mark_request},
    shop::{Request, Shop},
};

/// A service that reviews, on a database of its own: elsewhere, nobody expects a verdict.
static REVIEWING: OnceCell<Service> = OnceCell::const_new();

#[given(expr = "an organization whose invoices are reviewed, up to a total of {int}")]
async fn open(shop: &mut Shop, total_max: i64) {
    let start = async || {
        let setup = Setup::on(&Database::fresh().await)
            .and_role("validator")
            .with("REVIEW__TOTAL_MINOR_MAX", total_max)
            .with("REVIEW__BLOCKED_EMAIL_DOMAINS", "trash.example");
        setup.start().await
    };
    let service = REVIEWING.get_or_init(start).await;
    shop.tenant = Tenant::on(service.database()).await;
    shop.client = shop.tenant.at(service);
    shop.reader = shop.client.clone();
}

fn over(total_minor: i64) -> Value {
    let mut body = invoice();
    body["items"] = json!([line(1, total_minor, 0)]);
    body
}

#[when(expr = "an invoice over {int} is created")]
async fn create(shop: &mut Shop, total_minor: i64) {
    shop.send(Request::post("/invoices", over(total_minor)))
        .await;
}

#[when(expr = "an invoice for {string} is created")]
async fn create_for(shop: &mut Shop, email: String) {
    let mut body = over(1);
    body["customer"]["email"] = email.into();
    shop.send(Request::post("/invoices", body)).await;
}

#[given(regex = r"^an invoice over (\d+) that was (approved|rejected)$")]
async fn arrange(shop: &mut Shop, total_minor: i64, status: String) {
    shop.arrange_invoice(over(total_minor), "draft").await;
    assert_eq!(verdict(shop).await["status"], status);
}

#[given("it was cancelled")]
async fn arrange_cancelled(shop: &mut Shop) {
    let request = mark_request(shop, "cancelled");
    shop.arrange(request).await;
}

#[when(expr = "it is changed to a total of {int}")]
async fn change_total(shop: &mut Shop, total_minor: i64) {
    edit(shop, json!({"items": [line(1, total_minor, 0)]})).await;
}

#[then("it is approved")]
async fn is_approved(shop: &mut Shop) {
    let verdict = verdict(shop).await;
    assert_eq!(
        (&verdict["status"], &verdict["reasons"]),
        (&json!("approved"), &json!([]))
    );
}

#[then(expr = "it is rejected as {string}")]
async fn is_rejected(shop: &mut Shop, code: String) {
    let verdict = verdict(shop).await;
    assert_eq!(verdict["status"], "rejected");
    assert_eq!(verdict["reasons"][0]["code"], code);
}

#[then(expr = "marking it as sent is refused with {string}")]
async fn is_not_sent(shop: &mut Shop, code: String) {
    let request = mark_request(shop, "sent");
    let answer = shop.send(request).await;
    assert_eq!(answer.verdict(), (422, code));
}

#[then("it can be marked as sent")]
async fn is_sent(shop: &mut Shop) {
    let request = mark_request(shop, "sent");
    shop.send(request).await.expect(200);
}

/// The review of the invoice once it is decided.
async fn verdict(shop: &Shop) -> Value {
    eventually("the invoice is reviewed", async || {
        let review = shop.read_invoice().await["review"].take();
        (review["status"] != "pending").then_some(review)
    })
    .await
}
