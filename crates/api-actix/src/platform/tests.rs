//! The endpoints of this context, seen from outside.

mod idempotency;
mod keys;
mod organization;

use actix_web::test::TestRequest;
use app::testing::FakeUnitOfWork;
use serde_json::{Value, json};

use crate::testing::with_body;

const ORGANIZATION_PATH: &str = "/api/v1/organization";
const KEYS: &str = "/api/v1/api-keys";

fn changing(body: &Value) -> TestRequest {
    with_body(TestRequest::patch().uri(ORGANIZATION_PATH), body)
}

fn making(body: &Value) -> TestRequest {
    with_body(TestRequest::post().uri(KEYS), body)
}

fn new_key() -> Value {
    json!({"name": "shop", "scopes": ["invoices:read", "customers:write"]})
}

/// Expects a new key.
fn inserted() -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    uow.api_keys.expect_insert().returning(|_| Ok(()));
    uow.outbox.expect_append().returning(|_, _| Ok(()));
    uow
}
