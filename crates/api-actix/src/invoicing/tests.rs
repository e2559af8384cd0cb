//! The endpoints of this context, seen from outside.

mod create;
mod delete;
mod edit;
mod faults;
mod filters;
mod idempotency;
mod list;
mod read;
mod register;
mod status;
mod summary;
mod timeline;

use std::sync::Arc;

use actix_web::test::TestRequest;
use app::{
    ports::{MockInvoiceQueries, Written},
    testing::{FakeUnitOfWork, INVOICE, MemoryPostingStore, stored_organization},
};
use domain::invoicing::Invoice;
use serde_json::{Value, json};

use crate::testing::{Bench, with_body};

const INVOICES: &str = "/api/v1/invoices";

fn path() -> String {
    format!("{INVOICES}/{INVOICE}")
}

/// Under an id of its own, so that the first id that is made is the invoice's.
fn posting(body: &Value) -> TestRequest {
    with_body(TestRequest::post().uri(INVOICES), body).insert_header(("x-request-id", "r-1"))
}

fn patching(body: &Value) -> TestRequest {
    with_body(TestRequest::patch().uri(&path()), body)
}

fn stepping(to: &str) -> TestRequest {
    let uri = format!("{}/status", path());
    with_body(TestRequest::patch().uri(&uri), &json!({ "status": to }))
}

/// 10 × 150.00 at 16 % for Ada.
fn new_invoice() -> Value {
    json!({
        "customer": {"name": "Ada"},
        "items": [{
            "description": "work", "quantity": 10, "unit_price_minor": 15_000, "tax_rate_bps": 1_600,
        }],
    })
}

/// Holds the organization and an invoice of it.
fn holding(invoice: Invoice) -> FakeUnitOfWork {
    FakeUnitOfWork::default()
        .with_organization(stored_organization())
        .with_invoice(invoice)
        .with_books(&MemoryPostingStore::with([]))
}

/// Expects the invoice to be written.
fn storing(mut uow: FakeUnitOfWork) -> FakeUnitOfWork {
    let update = uow.invoices.expect_update().once();
    update.returning(|_| Ok(Written::Stored));
    uow
}

/// Holds no invoice.
fn holding_none() -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    let find = uow.invoices.expect_find_for_update();
    find.returning(|_, _| Ok(None));
    uow
}

/// Cannot be reached.
fn failing() -> FakeUnitOfWork {
    let mut uow = FakeUnitOfWork::default();
    let find = uow.invoices.expect_find_for_update();
    find.returning(|_, _| app::testing::out_of_reach());
    let organizations = uow.organizations.expect_find();
    organizations.returning(|_| app::testing::out_of_reach());
    uow
}

/// The application over these queries.
fn asking(queries: MockInvoiceQueries) -> Bench {
    Bench::new().with(|parts| parts.invoicing.queries = Arc::new(queries))
}
