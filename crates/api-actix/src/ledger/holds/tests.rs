//! The endpoints of holds, seen from outside.

mod place;
mod read;
mod resolve;

use std::sync::Arc;

use actix_web::test::TestRequest;
use app::{
    ports::Claim,
    testing::{FakeUnitOfWork, HOLD, MemoryPostingStore, standing},
};
use domain::ledger::Standing;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::testing::with_body;

const HOLDS: &str = "/api/v1/holds";

fn account(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

/// 30 on account 1, of which so much is held, and nothing on account 2.
fn store(held_minor: i64) -> Arc<MemoryPostingStore> {
    let first = Standing {
        held_minor,
        ..standing(1, 30)
    };
    MemoryPostingStore::with([first, standing(2, 0)])
}

/// Takes a key that nobody has used, and remembers the answer.
fn keyed(mut uow: FakeUnitOfWork) -> FakeUnitOfWork {
    let keys = &mut uow.idempotency_keys;
    keys.expect_claim()
        .once()
        .returning(|_, _| Ok(Claim::First));
    keys.expect_remember().returning(|_, _, _| Ok(()));
    uow
}

/// The hold of 30 on account 1 for account 2, as it is answered.
fn body() -> Value {
    json!({
        "id": HOLD.to_string(),
        "account_id": account(1),
        "destination_account_id": account(2),
        "amount_minor": 30,
        "currency": "USD",
        "description": null,
        "reference": null,
        "metadata": {},
        "status": "pending",
        "captured_minor": null,
        "transfer_id": null,
        "resolved_at": null,
        "payment_id": null,
        "expires_at": "2026-11-20T13:00:00.000000Z",
        "created_at": "2026-11-20T12:00:00.000000Z",
        "updated_at": "2026-11-20T12:00:00.000000Z",
        "version": 1,
    })
}

/// What is answered, with these members changed.
fn changed(mut body: Value, changes: Value) -> Value {
    let (Value::Object(members), Value::Object(changes)) = (&mut body, changes) else {
        panic!("objects");
    };
    members.extend(changes);
    body
}

fn posting(path: &str, body: Option<&Value>) -> TestRequest {
    let request = TestRequest::post().uri(&format!("{HOLDS}{path}"));
    let request = request
        .insert_header(("idempotency-key", "k-1"))
        .insert_header(("x-request-id", "r-1"));
    match body {
        Some(body) => with_body(request, body),
        None => request,
    }
}
