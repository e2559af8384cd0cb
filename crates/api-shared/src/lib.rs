//! What REST and gRPC have in common, so that the same input gets the same answer from both and no rule stands twice.
//!
//! Four things, none of which knows a protocol:
//! - [`problem`]: every kind of refusal that there is, and which error of a use case is which of them;
//! - [`input`]: the strict reader. A request is a document (a [`input::Json`]) and some [`input::Parameters`], whatever it was
//!   written in; what is wrong with it is noted with the place where it stands;
//! - [`doorkeeper`]: who may come in, and how often, and what they are told of it ([`rate_limit`]); [`run`]: how long it may take;
//! - the contexts ([`invoicing`], [`ledger`], [`payments`], [`vouchers`], [`wallets`]): their use cases, and the readers of what they are asked.
//!
//! A context that only one API offers has its readers and refusals there, and moves here when the other one offers it too.

pub mod cursor;
pub mod doorkeeper;
pub mod events;
pub mod input;
pub mod invoicing;
pub mod ledger;
pub mod payments;
pub mod problem;
pub mod rate_limit;
pub mod request_id;
pub mod run;
pub mod seal;
pub mod trusted_proxies;
pub mod vouchers;
pub mod wallets;
