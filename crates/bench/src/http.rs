//! HTTP/1.1 with as little work per request as possible: what the client spends, the server cannot have.

mod client;
mod connection;

pub(crate) use self::{client::Client, connection::Connection};
