//! Making invoices, taking them through their life, and what they show.

use cucumber::{gherkin::Step, given, then, when};
use serde_json::{Value, json};
use tests::invoice;

use crate::{
    shop::{Request, Shop},
    tables::rows,
};

#[given(regex = r"^a (draft|sent|viewed|paid|cancelled) invoice$")]
#[given(regex = r"^an invoice that is (\w+)$")]
async fn arrange_one(shop: &mut Shop, status: String) {
    shop.arrange_invoice(invoice(), &status).await;
}

#[when("an invoice is created")]
async fn create(shop: &mut Shop) {
    shop.send(Request::post("/invoices", invoice())).await;
}

#[when(regex = r"^it is marked as (\w+)$")]
async fn mark(shop: &mut Shop, status: String) {
    let request = mark_request(shop, &status);
    shop.send(request).await;
}

/// The request that takes the invoice to a status.
pub(crate) fn mark_request(shop: &Shop, status: &str) -> Request {
    Request::patch(
        format!("/invoices/{}/status", shop.invoice()),
        json!({"status": status}),
    )
}

#[when(expr = "its notes are changed to {string}")]
async fn change_notes(shop: &mut Shop, notes: String) {
    edit(shop, json!({"notes": notes})).await;
}

#[when(expr = "its number is changed to {string}")]
async fn change_number(shop: &mut Shop, number: String) {
    edit(shop, json!({"number": number})).await;
}

pub(crate) async fn edit(shop: &mut Shop, changes: Value) {
    let path = format!("/invoices/{}", shop.invoice());
    shop.send(Request::patch(path, changes)).await;
}

#[when("it is deleted")]
async fn delete(shop: &mut Shop) {
    let path = format!("/invoices/{}", shop.invoice());
    shop.send(Request::delete(path)).await;
}

#[when(expr = "the invoice {string} is read")]
async fn read(shop: &mut Shop, id: String) {
    shop.send(Request::get(format!("/invoices/{id}"))).await;
}

#[when("its timeline is read")]
async fn read_timeline(shop: &mut Shop) {
    let path = format!("/invoices/{}/events", shop.invoice());
    shop.send(Request::get(path)).await;
}

#[then(regex = r"^the invoice is (?:still )?(draft|sent|viewed|overdue|paid|cancelled)$")]
async fn has_status(shop: &mut Shop, status: String) {
    assert_eq!(shop.read_invoice().await["status"], status);
}

#[then("it has no number yet")]
async fn has_no_number(shop: &mut Shop) {
    assert_eq!(shop.read_invoice().await["number"], Value::Null);
}

#[then("it has a number")]
async fn has_number(shop: &mut Shop) {
    assert!(shop.read_invoice().await["number"].is_string());
}

#[then("it names the organization as the seller")]
async fn names_the_seller(shop: &mut Shop) {
    assert_eq!(shop.read_invoice().await["seller"]["name"], "Muster GmbH");
}

#[then(expr = "the seller on the invoice is still {string}")]
async fn keeps_the_seller(shop: &mut Shop, name: String) {
    assert_eq!(shop.read_invoice().await["seller"]["name"], name);
}

#[then(regex = r"^it shows when it was (issued|paid|cancelled)$")]
async fn shows_instant(shop: &mut Shop, what: String) {
    let invoice = shop.read_invoice().await;
    let instant = invoice[format!("{what}_at")].as_str().expect("an instant");
    // 2026-11-20T13:02:11.123456Z
    assert!(instant.len() == 27 && instant.ends_with('Z'), "{instant}");
}

#[then("everything on it is paid")]
async fn everything_is_paid(shop: &mut Shop) {
    let invoice = shop.read_invoice().await;
    assert_eq!(
        (&invoice["amount_paid_minor"], &invoice["amount_due_minor"]),
        (&invoice["total_minor"], &json!(0))
    );
}

#[then("nothing is due on it")]
async fn nothing_is_due(shop: &mut Shop) {
    let invoice = shop.read_invoice().await;
    assert_eq!(
        (&invoice["amount_paid_minor"], &invoice["amount_due_minor"]),
        (&json!(0), &json!(0))
    );
}

#[then("there is no such invoice any more")]
async fn is_gone(shop: &mut Shop) {
    assert_eq!(shop.answer().status, 204);
    let answer = shop
        .reader
        .get(&format!("/invoices/{}", shop.invoice()))
        .await;
    assert_eq!(answer.verdict(), (404, "not_found".to_owned()));
}

#[then("the timeline shows, newest first")]
fn timeline_shows(shop: &mut Shop, step: &Step) {
    let timeline = shop.answer().expect(200);
    let shown: Vec<_> = entries(&timeline)
        .iter()
        .map(|entry| entry["type"].clone())
        .collect();
    let expected: Vec<_> = rows(step).iter().map(|row| json!(row["event"])).collect();
    assert_eq!(shown, expected);
}

#[then(expr = "every entry names the key {string}")]
fn entries_name_the_key(shop: &mut Shop, name: String) {
    let timeline = shop.answer().expect(200);
    for entry in entries(&timeline) {
        assert_eq!(
            (&entry["actor"]["kind"], &entry["actor"]["name"]),
            (&json!("api_key"), &json!(name))
        );
    }
}

fn entries(timeline: &Value) -> &Vec<Value> {
    timeline["data"].as_array().expect("a list")
}

#[then(regex = r"^there (?:is|are) (\d+) invoices?$")]
async fn there_are(shop: &mut Shop, count: u64) {
    let page = shop.client.get("/invoices?page=1").await.expect(200);
    assert_eq!(page["total"], count);
}
