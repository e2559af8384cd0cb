//! The ledger.

mod journal;
mod posting_statement;
mod posting_store;
mod standing_row;
mod system_accounts;
mod transfer_row;

pub use posting_store::PgPostingStore;
