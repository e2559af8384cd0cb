//! What invoices come to.

use cucumber::{gherkin::Step, given, then, when};
use serde_json::{Value, json};
use tests::{invoice, line};

use crate::{
    invoices::edit,
    shop::{Request, Shop},
    tables::{number, quantity, rows},
};

#[when("an invoice is created with the lines")]
async fn create_with_lines(shop: &mut Shop, step: &Step) {
    let mut body = invoice();
    body["items"] = lines(step);
    shop.send(Request::post("/invoices", body)).await;
}

#[when("its lines are replaced by")]
async fn replace_lines(shop: &mut Shop, step: &Step) {
    edit(shop, json!({"items": lines(step)})).await;
}

#[when(expr = "an invoice over {int} in {word} is created")]
async fn create_over(shop: &mut Shop, total: i64, currency: String) {
    let mut body = invoice();
    body["currency"] = currency.into();
    body["items"] = json!([line(1, total, 0)]);
    shop.send(Request::post("/invoices", body)).await;
}

#[given(expr = "the organization rounds {string}")]
async fn arrange_rounding(shop: &mut Shop, rounding: String) {
    shop.arrange(Request::patch(
        "/organization",
        json!({"rounding": rounding}),
    ))
    .await;
}

fn lines(step: &Step) -> Value {
    let line = |row: &std::collections::BTreeMap<String, String>| {
        let mut line = line(1, number(&row["unit price"]), number(&row["tax rate"]));
        line["quantity"] = quantity(&row["quantity"]);
        line
    };
    rows(step).iter().map(line).collect()
}

#[then(regex = r"^its (subtotal|tax|total) is (\d+)$")]
async fn comes_to(shop: &mut Shop, what: String, minor: i64) {
    assert_eq!(
        shop.read_invoice().await[format!("{what}_minor")],
        minor,
        "{}",
        shop.answer().text()
    );
}

#[then(expr = "its currency is {string}")]
async fn is_in_currency(shop: &mut Shop, currency: String) {
    assert_eq!(shop.read_invoice().await["currency"], currency);
}

#[then("its taxes are")]
async fn has_taxes(shop: &mut Shop, step: &Step) {
    let tax = |row: &std::collections::BTreeMap<String, String>| {
        json!({
            "tax_rate_bps": number(&row["tax rate"]),
            "taxable_minor": number(&row["taxable"]),
            "tax_minor": number(&row["tax"]),
        })
    };
    let expected: Value = rows(step).iter().map(tax).collect();
    assert_eq!(shop.read_invoice().await["tax_breakdown"], expected);
}

#[then(expr = "the quantity of its first line is {string}")]
async fn has_quantity(shop: &mut Shop, quantity: String) {
    assert_eq!(shop.read_invoice().await["items"][0]["quantity"], quantity);
}
