//! The gRPC API: tonic services over the same use cases as REST, with the same rules, limits and refusals.
//!
//! # A call
//! goes through the [gate](mod@self) first: it gets an id, its key is looked up and its limit counted, a deadline starts. Then
//! its message becomes the document that REST would have been sent ([`document`]), and the readers of `api-shared` read it; so
//! the two APIs find the same faults. What comes of it is shown as a message, or as a `google.rpc.Status` with details
//! ([`status`]).
//!
//! # An rpc
//! is one file: a function from a [`call::Call`] to a reply, of three steps (read, execute, show). What several rpcs of a
//! context read or show is in files of its own.

mod api;
mod call;
mod document;
mod events;
mod execute;
mod gate;
mod health;
mod input;
mod invoicing;
mod ledger;
mod payments;
pub mod proto;
mod rpcs;
mod serve;
mod services;
mod status;
mod stored;
mod users;
mod vouchers;

pub use api::{GrpcApi, GrpcSettings, Parts};
pub use health::Readiness;
pub use serve::{Unserved, serve};

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
