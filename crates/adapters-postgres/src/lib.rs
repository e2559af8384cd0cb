//! The truth: every storage port over `PostgreSQL`, and nothing but SQL and mapping.
//!
//! [`Database`] is the pool; [`PgTransactor`] opens units of work on it, and the `Pg…Queries` read from it.

#![warn(clippy::future_not_send)]

mod columns;
mod customers;
mod database;
mod error;
mod events;
mod invoicing;
mod ledger;
mod listing;
mod payments;
mod platform;
mod query_text;
mod search_grams;
mod statement_spans;
mod together;
mod transactor;
mod unit_of_work;
mod values;
mod vouchers;
mod wallets;
mod webhooks;

pub use customers::PgCustomerQueries;
pub use database::{Database, DatabaseOptions, MigrationError, OpenError, PoolStatus, SchemaState};
pub use events::{
    Advanced, Forgotten, ForgottenReader, OutboxStatus, PgBrokerMemory, PgDeadLetters, PgEventLog,
    PgEventPartitions, PgEventReaders, PgEventSequencer, PgEventSource, PgHeldEvents,
    PgInboxRetention, PgOutboxStatus, PlacedOfKind, ReaderStatus,
};
pub use invoicing::{PgInvoiceQueries, PgNumberRegisterQueries, PgSummaryFolding};
pub use ledger::{
    PgAccountQueries, PgEntryQueries, PgHoldQueries, PgInvariantQueries, PgLedgerSnapshots,
    PgPostingStore, PgTransferChain, PgTransferQueries, PgTrialBalanceQueries,
};
pub use payments::{
    PgPaymentDeadLetterQueries, PgPaymentQueries, PgPaymentWorkQueries, PgSimulatorRecord,
};
pub use platform::{PgApiKeyQueries, PgOrganizationQueries, PgServiceSecrets, PgWorkLeases};
pub use transactor::{PgTransactor, RetryPolicy};
pub use vouchers::{PgIssueJobQueries, PgVoucherExport, PgVoucherQueries, PgVoucherStatsQueries};
pub use wallets::PgUserQueries;
pub use webhooks::{PgWebhookLanes, PgWebhookQueries};
