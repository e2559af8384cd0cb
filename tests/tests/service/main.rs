//! The service as its clients meet it: what it refuses, what it promises when many come at once, and how it says so.

#![expect(clippy::unwrap_used, reason = "a test that fails panics")]

mod bodies;
mod conditional;
mod dead_letters;
mod encryption;
mod event_bodies;
mod event_days;
mod event_metrics;
mod field;
mod field_values;
mod fields;
mod form;
mod headers;
mod idempotency;
mod incidents;
mod isolation;
mod later_kinds;
mod ledger_memory;
mod limits;
mod logs;
mod nothing_due;
mod numbering;
mod parameters;
mod payments;
mod published;
mod races;
mod reviews;
mod revocation;
mod roles;
mod traces;
mod transport;
mod voucher_queries;
mod vouchers;
mod wallet_repeats;
mod wire;
