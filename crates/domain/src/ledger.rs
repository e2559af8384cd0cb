//! The ledger: accounts, and the transfers between them; the only place where money moves.
//!
//! Every transfer lowers one account and raises another by the same amount, so the balances of a currency always add up
//! to zero. What may be posted is decided by a [`Book`], in memory and without waiting: hand it the standing of the
//! accounts and the orders in the order they came, and write down what it says.

mod account;
mod account_status;
mod amount;
mod book;
mod details;
mod entry;
mod folio;
mod hold;
mod hold_state;
mod order;
mod rejection;
mod standing;
mod system_account;
mod transfer;

pub use account::{
    Account, AccountChange, AccountEvent, AccountFacts, AccountOpening, AccountOwner,
    ChangeAccountError,
};
pub use account_status::AccountStatus;
pub use amount::TransferAmount;
pub use book::Book;
pub use details::{TransferDescription, TransferDetails, TransferReference};
pub use entry::{Entry, Posting};
pub use folio::{Folio, Shard};
pub use hold::{Hold, HoldEvent, HoldFacts, HoldRefusal, HoldStatus, HoldTerm};
pub use hold_state::HoldState;
pub use order::TransferOrder;
pub use rejection::Rejection;
pub use standing::{OverdraftLimit, Standing};
pub use system_account::{ProviderName, SystemAccount};
pub use transfer::{PostedTransfer, TransferKind};
