//! Time goes by.

use cucumber::{given, then, when};
use serde_json::{Value, json};
use tests::{day, eventually, invoice};

use crate::{
    moments,
    shop::{Request, Shop},
};

#[given(expr = "an invoice that was {word} {int} days ago, due {int} days later")]
async fn arrange_past(shop: &mut Shop, status: String, ago: i64, later: i64) {
    let today = shop.client.clone();
    shop.client = shop.client_in(-ago).await;
    let _undisturbed = moments::undisturbed().await;
    shop.arrange_invoice(due_in(later - ago), &status).await;
    shop.client = today;
}

#[given(expr = "an invoice that was sent {int} days ago")]
async fn arrange_long_past(shop: &mut Shop, ago: i64) {
    arrange_past(shop, "sent".to_owned(), ago, 0).await;
}

#[given(expr = "an invoice that is {word} and due in {int} days")]
async fn arrange_due(shop: &mut Shop, status: String, days: i64) {
    shop.arrange_invoice(due_in(days), &status).await;
}

fn due_in(days: i64) -> Value {
    let mut body = invoice();
    body["due_date"] = day(days).into();
    body
}

#[when("the service looks for overdue invoices")]
async fn sweep(shop: &mut Shop) {
    shop.reader = shop.client_in(0).await;
    let shop = &*shop;
    let overdue = eventually("the invoice is overdue", async || {
        let invoice = shop.read_invoice().await;
        (invoice["status"] == "overdue").then_some(())
    });
    moments::while_sweeping(overdue).await;
}

#[when("the service has looked for overdue invoices")]
async fn have_swept(shop: &mut Shop) {
    // When an invoice that is younger than the scenario's has been found, the scenario's was looked at.
    arrange_past(shop, "sent".to_owned(), 30, 10).await;
    sweep(shop).await;
    shop.invoices.pop();
}

#[when(expr = "it is read in {int} days")]
async fn read_later(shop: &mut Shop, days: i64) {
    shop.reader = shop.client_in(days).await;
}

#[when(expr = "overdue invoices are listed in {int} days")]
async fn list_later(shop: &mut Shop, days: i64) {
    let client = shop.client_in(days).await;
    let answer = shop
        .send_by(&client, Request::get("/invoices?overdue=true"))
        .await;
    shop.listed = answer.json()["data"]
        .as_array()
        .cloned()
        .unwrap_or_default();
}

#[when(expr = "the summary is read in {int} days")]
async fn summarise_later(shop: &mut Shop, days: i64) {
    let client = shop.client_in(days).await;
    shop.send_by(&client, Request::get("/invoices/summary"))
        .await;
}

#[then(regex = r"^it (shows|does not show) as overdue$")]
async fn shows(shop: &mut Shop, whether: String) {
    assert_eq!(shop.read_invoice().await["is_overdue"], whether == "shows");
}

#[then(expr = "its timeline names the role {string} for {string}")]
async fn names_the_role(shop: &mut Shop, role: String, event: String) {
    let timeline = shop
        .reader
        .get(&format!("/invoices/{}/events", shop.invoice()))
        .await
        .expect(200);
    let entry = &timeline["data"][0];
    assert_eq!(
        (&entry["type"], &entry["actor"]["kind"]),
        (&json!(event), &json!("role"))
    );
    assert_eq!(entry["actor"]["name"], role);
}

#[then(expr = "the summary of {string} shows {int} overdue")]
fn summary_shows(shop: &mut Shop, currency: String, minor: i64) {
    assert_eq!(summary_of(shop, &currency)["overdue"]["sum_minor"], minor);
}

#[then(expr = "{int} of it is 31 to 60 days late")]
fn is_late(shop: &mut Shop, minor: i64) {
    assert_eq!(
        summary_of(shop, "USD")["aged_receivables"]["days_31_to_60_minor"],
        minor
    );
}

fn summary_of(shop: &Shop, currency: &str) -> Value {
    let summary = shop.answer().expect(200);
    let rows = summary["data"].as_array().expect("a list");
    rows.iter()
        .find(|row| row["currency"] == currency)
        .expect("the currency")
        .clone()
}
