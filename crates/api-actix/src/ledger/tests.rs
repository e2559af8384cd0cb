//! The endpoints of this context, seen from outside.

mod accounts;
mod batches;
mod invariants;
mod reversals;
mod transfers;

use actix_web::test::TestRequest;
use serde_json::{Value, json};

use crate::testing::with_body;

fn account(number: u128) -> String {
    uuid::Uuid::from_u128(number).to_string()
}

/// From one account to another.
fn body(source: u128, destination: u128, minor: i64) -> Value {
    json!({
        "source_account_id": account(source),
        "destination_account_id": account(destination),
        "amount_minor": minor,
        "currency": "USD",
    })
}

fn post(path: &str, key: &str, body: &Value) -> TestRequest {
    let request = TestRequest::post().uri(&format!("/api/v1{path}"));
    with_body(request, body).insert_header(("idempotency-key", key))
}
