//! The service as its clients meet it: what it refuses, what it promises when many come at once, and how it says so.

#![expect(clippy::unwrap_used, reason = "a test that fails panics")]

mod bodies;
mod conditional;
mod dead_letters;
mod field;
mod field_values;
mod fields;
mod form;
mod headers;
mod idempotency;
mod isolation;
mod limits;
mod logs;
mod numbering;
mod parameters;
mod payments;
mod published;
mod races;
mod reviews;
mod revocation;
mod roles;
mod transport;
mod wire;
