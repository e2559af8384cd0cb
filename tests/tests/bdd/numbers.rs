//! Numbers of invoices, and their register.

use cucumber::{gherkin::Step, given, then, when};
use serde_json::{Value, json};
use tests::invoice;

use crate::{
    shop::{Request, Shop},
    tables::{filled, number, rows},
};

#[given(expr = "the organization numbers its invoices with {string}")]
#[when(expr = "the organization numbers its invoices with {string}")]
async fn arrange_prefix(shop: &mut Shop, prefix: String) {
    let request = Request::patch("/organization", json!({"invoice_number_prefix": prefix}));
    shop.arrange(request).await;
}

#[given(regex = r"^(\d+) draft invoices?$")]
async fn arrange_drafts(shop: &mut Shop, count: usize) {
    shop.invoices.clear();
    for _ in 0..count {
        shop.arrange_invoice(invoice(), "draft").await;
    }
}

#[given(expr = "an invoice with the number {string}")]
async fn arrange_numbered(shop: &mut Shop, number: String) {
    shop.arrange_invoice(numbered(&number), "draft").await;
}

#[when(expr = "an invoice is created with the number {string}")]
async fn create_numbered(shop: &mut Shop, number: String) {
    shop.send(Request::post("/invoices", numbered(&number)))
        .await;
}

fn numbered(number: &str) -> Value {
    let mut body = invoice();
    body["number"] = filled(number).into();
    body
}

#[when(regex = r"^the (first|second|third) of them is (sent|cancelled|deleted)$")]
async fn change_nth(shop: &mut Shop, which: String, what: String) {
    let path = format!("/invoices/{}", shop.invoices[index(&which)]);
    let request = match what.as_str() {
        "deleted" => Request::delete(path),
        status => Request::patch(format!("{path}/status"), json!({"status": status})),
    };
    shop.arrange(request).await;
}

fn index(which: &str) -> usize {
    ["first", "second", "third"]
        .iter()
        .position(|word| *word == which)
        .expect("one of three")
}

#[then(expr = "its number is {string}")]
async fn is_numbered(shop: &mut Shop, number: String) {
    assert_eq!(shop.read_invoice().await["number"], filled(&number));
}

#[then(regex = r#"^the (first|second|third) has the number "(.*)"$"#)]
async fn nth_is_numbered(shop: &mut Shop, which: String, number: String) {
    assert_eq!(
        shop.read_nth_invoice(index(&which)).await["number"],
        filled(&number)
    );
}

#[then(regex = r"^the (first|second|third) has no number$")]
async fn nth_has_no_number(shop: &mut Shop, which: String) {
    assert_eq!(
        shop.read_nth_invoice(index(&which)).await["number"],
        Value::Null
    );
}

#[then(expr = "the register of {string} shows")]
async fn register_shows(shop: &mut Shop, series: String, step: &Step) {
    let path = format!("/invoices/number-register?series={}", filled(&series));
    let register = shop.send(Request::get(path)).await.expect(200);
    let shown: Value = register["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(essence)
        .collect();
    let row = |row: &std::collections::BTreeMap<String, String>| json!({"position": number(&row["position"]), "number": row["number"], "fate": row["fate"]});
    let expected: Value = rows(step).iter().map(row).collect();
    assert_eq!(shown, expected);
}

fn essence(row: &Value) -> Value {
    json!({"position": row["position"], "number": row["number"], "fate": row["fate"]})
}

#[then("the register has no gaps")]
fn register_has_no_gaps(shop: &mut Shop) {
    assert_eq!(shop.answer().json()["gaps"], json!([]));
}
