//! The ledger.

mod account_queries;
mod account_repository;
mod account_row;
mod chain_record_row;
mod entry_queries;
mod entry_walk;
mod expired_holds;
mod hold_queries;
mod hold_repository;
mod hold_row;
mod invariant_queries;
mod journal;
mod known_systems;
mod ledger_snapshots;
mod posting_statement;
mod posting_store;
mod standing_row;
mod system_accounts;
mod transfer_chain;
mod transfer_list;
mod transfer_queries;
mod transfer_row;
mod trial_balance_queries;

pub use account_queries::PgAccountQueries;
pub use entry_queries::PgEntryQueries;
pub use hold_queries::PgHoldQueries;
pub use invariant_queries::PgInvariantQueries;
pub(crate) use known_systems::{KnownSystems, MetSystems};
pub use ledger_snapshots::PgLedgerSnapshots;
pub use posting_store::PgPostingStore;
pub use transfer_chain::PgTransferChain;
pub(crate) use transfer_list::{ID_SLACK, first_id_at};
pub use transfer_queries::PgTransferQueries;
pub use trial_balance_queries::PgTrialBalanceQueries;
