//! Sends webhooks: HTTP/1.1 over TLS to addresses that clients name, signed as Standard Webhooks
//! (<https://www.standardwebhooks.com>).
//!
//! Whoever names an address must not reach what only this machine reaches. So every address is checked when a connection is
//! made, after the name was looked up and by the one who looks it up; nothing is asked of a proxy, and no redirect is
//! followed.

mod guarded_resolver;
mod sender;
mod signature;

pub use guarded_resolver::{LookUp, SystemLookUp};
pub use sender::{HttpWebhookSender, NoSender};
