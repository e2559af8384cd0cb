//! The domain: the rules of billing as pure values and functions.
//!
//! Nothing here waits, reads a clock, draws a random number or knows of a database or of HTTP: instants, dates and new
//! ids are parameters. Whatever can be built from these types is legal; what is not legal cannot be built.

pub mod actor;
pub mod customers;
pub mod event;
pub mod ids;
pub mod invoicing;
pub mod ledger;
pub mod payments;
pub mod platform;
pub mod values;
pub mod version;
pub mod vouchers;
pub mod wallets;
pub mod webhooks;
