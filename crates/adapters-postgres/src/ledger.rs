//! The ledger.

mod chain_record_row;
mod journal;
mod ledger_snapshots;
mod posting_statement;
mod posting_store;
mod standing_row;
mod system_accounts;
mod transfer_chain;
mod transfer_row;

pub use ledger_snapshots::PgLedgerSnapshots;
pub use posting_store::PgPostingStore;
pub use transfer_chain::PgTransferChain;
