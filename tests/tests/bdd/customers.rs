//! Customers, and the invoices that are made out to them.

use cucumber::{given, then, when};
use serde_json::{Value, json};
use tests::{day, invoice, line};

use crate::{
    shop::{Request, Shop},
    tables::filled,
};

#[given(regex = r#"^the customer "([^"]*)"(?: who pays in "(\w+)")?(?: known as "([^"]+)")?$"#)]
async fn arrange(shop: &mut Shop, name: String, currency: String, external_id: String) {
    shop.arrange(registration(&name, &currency, &external_id))
        .await;
}

#[when(
    regex = r#"^the customer "([^"]*)"(?: who pays in "(\w+)")?(?: known as "([^"]+)")? is registered$"#
)]
async fn register(shop: &mut Shop, name: String, currency: String, external_id: String) {
    shop.send(registration(&name, &currency, &external_id))
        .await;
}

fn registration(name: &str, currency: &str, external_id: &str) -> Request {
    let given = |text: &str| {
        if text.is_empty() {
            Value::Null
        } else {
            Value::from(text)
        }
    };
    let body =
        json!({"name": name, "currency": given(currency), "external_id": given(external_id)});
    Request::post("/customers", body)
}

#[given("an invoice for that customer")]
async fn arrange_invoice(shop: &mut Shop) {
    let body = bill(shop.customer());
    shop.arrange_invoice(body, "draft").await;
}

#[when("an invoice for that customer is created without a currency")]
async fn create_invoice(shop: &mut Shop) {
    let body = bill(shop.customer());
    shop.send(Request::post("/invoices", body)).await;
}

#[when("an invoice for that customer is created that names another one too")]
async fn create_ambiguous(shop: &mut Shop) {
    let mut body = bill(shop.customer());
    body["customer"] = json!({"name": "Bob"});
    shop.send(Request::post("/invoices", body)).await;
}

#[when("an invoice is created for nobody")]
async fn create_for_nobody(shop: &mut Shop) {
    let body = json!({"currency": "USD", "items": [line(1, 1, 0)]});
    shop.send(Request::post("/invoices", body)).await;
}

fn bill(customer_id: &str) -> Value {
    json!({"customer_id": customer_id, "items": [line(1, 100, 0)]})
}

#[when(expr = "the customer is renamed to {string}")]
async fn rename(shop: &mut Shop, name: String) {
    let path = format!("/customers/{}", shop.customer());
    shop.arrange(Request::patch(path, json!({"name": name})))
        .await;
}

#[when("the customer is archived")]
async fn archive(shop: &mut Shop) {
    let path = format!("/customers/{}", shop.customer());
    shop.arrange(Request::delete(path)).await;
}

#[when(expr = "customers are listed with {string}")]
async fn list(shop: &mut Shop, query: String) {
    let path = format!("/customers?{}", filled(&query));
    shop.listed = shop.send(Request::get(path)).await.expect(200)["data"]
        .as_array()
        .cloned()
        .unwrap_or_default();
}

#[given(expr = "the organization's currency is {string}")]
async fn arrange_currency(shop: &mut Shop, currency: String) {
    shop.arrange(Request::patch(
        "/organization",
        json!({"default_currency": currency}),
    ))
    .await;
}

#[given(expr = "the organization gives its customers {int} days to pay")]
async fn arrange_terms(shop: &mut Shop, days: i64) {
    shop.arrange(Request::patch(
        "/organization",
        json!({"payment_terms_days": days}),
    ))
    .await;
}

#[when("an invoice is created without a due date")]
async fn create_without_due_date(shop: &mut Shop) {
    let mut body = invoice();
    body["due_date"] = Value::Null;
    shop.send(Request::post("/invoices", body)).await;
}

#[then(expr = "it is due in {int} days")]
async fn is_due(shop: &mut Shop, days: i64) {
    assert_eq!(shop.read_invoice().await["due_date"], day(days));
}

#[then(expr = "the customer is called {string}")]
async fn is_called(shop: &mut Shop, name: String) {
    let customer = shop
        .client
        .get(&format!("/customers/{}", shop.customer()))
        .await
        .expect(200);
    assert_eq!(customer["name"], name);
}

#[then(expr = "the invoice is made out to {string}")]
async fn is_made_out(shop: &mut Shop, name: String) {
    let invoice = shop.read_invoice().await;
    assert_eq!(invoice["customer"]["name"], name);
    assert_eq!(invoice["customer_id"], shop.customer());
}

#[then("no customers are listed")]
async fn none_listed(shop: &mut Shop) {
    let listed = shop.client.get("/customers").await.expect(200);
    assert_eq!(listed["data"], json!([]));
}

#[then(expr = "the customers listed are {string}")]
fn are_listed(shop: &mut Shop, names: String) {
    let listed: Vec<_> = shop
        .listed
        .iter()
        .map(|row| row["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(listed.join(", "), names);
}
