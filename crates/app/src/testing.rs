//! Stand-ins for the ports, for the tests of this crate and of those above it; and the contracts of the ports, for the
//! tests of the adapters.

mod books;
mod builders;
mod chained;
pub mod contracts;
mod events;
mod fake_seal;
mod fake_transactor;
mod fake_unit_of_work;
mod fixed;
mod guesses;
mod holds;
mod keyring;
mod memory_ledger;
mod memory_log;
mod memory_posting_store;
mod payments;
mod stored;
mod stored_user;
mod stored_webhook;
mod webhooks;

pub use builders::{
    caller, customer_profile, draft_contents, key_secret, organization_profile, party, scopes,
    stranger,
};
pub use chained::chain_record;
pub use events::logged_event;
pub use fake_seal::FakeSeal;
pub use fake_transactor::FakeTransactor;
pub use fake_unit_of_work::FakeUnitOfWork;
pub use fixed::{FixedClock, NOW, SequentialIds, out_of_reach};
pub use guesses::FakeGuessLimiter;
pub use holds::{HOLD, stored_hold};
pub use keyring::{Keyring, knowing, knowing_nothing};
pub use memory_ledger::MemoryLedger;
pub use memory_log::MemoryLog;
pub use memory_posting_store::{MemoryPostingStore, Mishap, Stored, standing};
pub use payments::{PAYMENT, dead_payment, simulator_that_checks, stored_payment, stored_refund};
pub use stored::{
    ACCOUNT, CUSTOMER, INVOICE, KEY, ORGANIZATION, stored_account, stored_customer, stored_draft,
    stored_invoice, stored_key, stored_organization,
};
pub use stored_user::{NATIONAL_ID, USER, stored_user};
pub use stored_webhook::{DELIVERY, WEBHOOK, stored_delivery, stored_webhook, webhook_profile};
pub use webhooks::{LoadedDice, QueuedSender, Sent};
