//! What every adapter of a port has to do: one suite per port, run against each of them by its own tests.

mod broker;
mod guess_limiter;
mod posting_store;
mod rate_limiter;
mod versioned_cache;
mod work_leases;

pub use broker::{BrokerUnderTest, hold_broker_to_its_contract, hold_publisher_to_its_contract};
pub use guess_limiter::hold_guess_limiter_to_its_contract;
pub use posting_store::hold_posting_store_to_its_contract;
pub use rate_limiter::hold_rate_limiter_to_its_contract;
pub use versioned_cache::{hold_invoice_cache_to_its_contract, hold_user_cache_to_its_contract};
pub use work_leases::hold_work_leases_to_their_contract;
