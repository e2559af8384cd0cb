//! The features of the service, told for a business owner (`tests/features`) and tried on the real binary.

#![expect(clippy::panic, reason = "a step that fails panics")]
#![expect(
    clippy::needless_pass_by_value,
    reason = "steps are given what they matched"
)]

mod answers;
mod bad_input;
mod customers;
mod events;
mod holds;
mod invoices;
mod keys;
mod ledger;
mod lists;
mod moments;
mod money;
mod numbers;
mod overdue;
mod payments;
mod retries;
mod review;
mod shop;
mod tables;
mod totals;
mod vouchers;
mod wallets;
mod webhooks;

use cucumber::World as _;

/// Scenarios run beside each other, each with an organization of its own; more would only wait for two processors.
const AT_ONCE: usize = 8;

#[tokio::main]
async fn main() {
    shop::Shop::cucumber()
        .max_concurrent_scenarios(AT_ONCE)
        .fail_on_skipped()
        .run_and_exit("features")
        .await;
}
