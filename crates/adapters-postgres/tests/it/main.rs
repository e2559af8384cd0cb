//! The adapter against a real `PostgreSQL`: one private server for all of these tests, a database of its own for each.
#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

mod already_there;
mod broken_transactions;
mod concurrent_writes;
mod constraints;
mod corruption;
mod faults;
mod idempotency;
mod numbering;
mod races;
mod stored_invoices;
mod stored_records;
mod strangers;
mod summary;
mod sweep;
mod unit_of_work;
