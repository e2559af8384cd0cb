//! Providers over the wire: Stripe's own stand-in for its API, and servers that follow what providers publish.

#![expect(clippy::unwrap_used, reason = "tests")]

mod http_server;
mod orders;
mod paypal;
mod paypal_doubts;
mod paypal_observations;
mod paypal_server;
mod stripe;
mod stripe_doubts;
mod stripe_mock;
mod stripe_server;
mod wrong_amounts;
