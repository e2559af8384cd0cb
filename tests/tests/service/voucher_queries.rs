//! What can be asked of vouchers, as clients meet it.

mod applicable;
mod benefits;
mod blocklist;
mod drafts;
mod fields;
mod guesses;
mod notes;
mod reasons;
mod rebuild;
mod redeemers;
mod stats;

use serde_json::{Value, json};
use tests::{Client, Database, Service, Setup, Tenant, eventually, invoice, line};

/// An id that nothing has.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// A service that keeps up what queries read of vouchers, and a client of it.
async fn shop() -> (Service, Client) {
    let database = Database::fresh().await;
    let service = Setup::on(&database).and_role("worker").start().await;
    let client = Tenant::on(&database).await.at(&service);
    (service, client)
}

/// 5.00 USD off, up to what `more` says.
async fn campaign(client: &Client, more: &Value) -> String {
    let mut body =
        json!({"name": "Five off", "kind": "discount", "amount_minor": 500, "currency": "USD"});
    for (field, value) in more.as_object().unwrap() {
        body[field] = value.clone();
    }
    client.create("/campaigns", &body).await
}

async fn issue(client: &Client, campaign: &str, code: &str) {
    let body = json!({"campaign_id": campaign, "code": code});
    client.post("/vouchers", &body).await.expect(201);
}

/// A draft of 80.00 USD that a voucher takes something off.
async fn redeem(client: &Client, code: &str) -> String {
    let mut body = invoice();
    body["items"] = json!([line(1, 8_000, 0)]);
    let id = client.create("/invoices", &body).await;
    let path = format!("/invoices/{id}/vouchers");
    let applied = client.post(&path, &json!({"code": code})).await;
    applied.expect(200);
    id
}

/// What is shown once it is what is expected.
async fn shown(client: &Client, path: &str, is_it: impl Fn(&Value) -> bool) -> Value {
    eventually(&format!("{path} shows what happened"), async || {
        let shown = client.get(path).await.expect(200);
        is_it(&shown).then_some(shown)
    })
    .await
}

fn codes(list: &Value) -> Vec<String> {
    texts_of(list, "code")
}

/// What the rows of a list have in a field that is a text.
fn texts_of(list: &Value, field: &str) -> Vec<String> {
    let rows = list["data"].as_array().unwrap();
    let text = |row: &Value| row[field].as_str().unwrap().to_owned();
    rows.iter().map(text).collect()
}
