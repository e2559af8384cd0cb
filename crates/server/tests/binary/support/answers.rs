//! What is sent, and what comes back.

use reqwest::Response;
use serde_json::Value;

pub(crate) fn invoice() -> Value {
    serde_json::json!({
        "customer": {"name": "Ada Lovelace"},
        "items": [{"description": "Analysis", "quantity": 10, "unit_price_minor": 15_000}],
    })
}

pub(crate) async fn id_of(answer: Response) -> String {
    let body: Value = answer.json().await.unwrap();
    body["id"].as_str().unwrap().to_owned()
}

pub(crate) fn text_of(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}
