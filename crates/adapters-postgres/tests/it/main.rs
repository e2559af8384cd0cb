//! The adapter against a real `PostgreSQL`: one private server for all of these tests, a database of its own for each.
#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

mod accounts;
mod already_there;
mod broken_transactions;
mod broker_memory;
mod client_names;
mod concurrent_writes;
mod constraints;
mod corruption;
mod events;
mod faults;
mod holds;
mod holds_at_once;
mod idempotency;
mod invoice_books;
mod ledger_invariants;
mod ledger_verification;
mod lists;
mod migrations;
mod number_register;
mod numbering;
mod payments;
mod plans;
mod postings;
mod prepared_statements;
mod races;
mod reversals;
mod review_races;
mod reviews;
mod short_lists;
mod simulator_record;
mod stored_invoices;
mod stored_records;
mod strangers;
mod stuck_holds;
mod summary;
mod sweep;
mod timelines;
mod transfer_chain;
mod unit_of_work;
mod users;
mod vouchers;
mod webhooks;
mod work_leases;
