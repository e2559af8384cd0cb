//! The application: one file per use case, and the ports through which use cases reach the world.
//!
//! A use case runs inside a [`ports::UnitOfWork`] that somebody else opens and closes; see [`transaction`]. Queries do
//! not: they read projections straight into the read models of their context.

pub mod caching;
mod crowd;
pub mod customers;
pub mod events;
pub mod idempotency;
pub mod invoicing;
pub mod ledger;
pub mod paging;
pub mod payments;
pub mod platform;
pub mod ports;
pub mod traces;
pub mod transaction;
pub mod vouchers;
pub mod wallets;
pub mod webhooks;
pub mod wire;

#[cfg(feature = "test-support")]
pub mod testing;
