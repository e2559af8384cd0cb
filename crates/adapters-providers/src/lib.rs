//! Payment providers: whoever moves money outside of the ledger.
//!
//! Each asks its provider so that nothing is done twice, whatever is asked again, and takes an answer for no more than it
//! is: what it cannot tell is `unknown`. `docs/payments-providers.md` has the tables.

mod confirmation;
#[cfg(test)]
mod fixtures;
mod http;
mod notices;
mod paypal;
mod simulator;
mod stripe;

pub use http::NoConnection;
pub use notices::{PaypalNotices, StripeNotices};
pub use paypal::{Paypal, PaypalOptions};
pub use simulator::{Simulator, SimulatorTemper};
pub use stripe::{Stripe, StripeOptions};
