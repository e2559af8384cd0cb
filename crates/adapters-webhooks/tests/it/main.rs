//! Webhooks as they go over the wire, to receivers of every sort.

#![expect(clippy::unwrap_used, reason = "tests")]

mod addresses;
mod answers;
mod receiver;
