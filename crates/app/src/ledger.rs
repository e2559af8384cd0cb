//! The ledger.

mod account_state;
mod account_view;
mod chain;
mod change_account;
mod hold_view;
mod invariants;
mod open_account;
mod post_within;
mod posting_engine;
mod transfer_view;
mod trial_balance;
mod verification;

pub use account_state::{AccountEntry, AccountState, PastBalance};
pub use account_view::AccountView;
pub use chain::{BLOCK_MAX, ChainBlock, ChainHash, ChainRecord, ChainTip, blocks_of};
pub use change_account::{ChangeAccount, ChangeAccountError, ChangeAccountHandler};
pub use hold_view::HoldView;
pub use invariants::{ComparedFigures, InvariantCheck, check_invariants};
pub use open_account::{OpenAccount, OpenAccountError, OpenAccountHandler};
pub use post_within::{PostWithinError, Postings, post_within};
pub use posting_engine::{
    Ask, EngineParts, EngineSettings, Party, PostTransfers, PostingEngine, PostingError,
    RenderVerdict, TransferRequest, Verdict,
};
pub use transfer_view::TransferView;
pub use trial_balance::{CurrencyTotals, TrialBalance, TrialBalanceLine};
pub use verification::{Difference, Findings, Heard, Promise, Verification, verify};
