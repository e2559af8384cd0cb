//! The ledger.

mod account_state;
mod account_view;
mod awaiting;
mod book_within;
mod capture_hold;
mod chain;
mod change_account;
mod desk;
mod expire_holds;
mod hold_view;
mod hold_within;
mod invariants;
mod let_go;
mod open_account;
mod place_hold;
mod post_within;
mod posting_engine;
mod reverse_transfer;
mod ringing_posting_store;
mod transfer_view;
mod trial_balance;
mod verification;
mod void_hold;

pub use account_state::{AccountEntry, AccountState, PastBalance};
pub use account_view::AccountView;
pub use awaiting::refuse_while_awaited;
pub(crate) use book_within::BookWithin;
pub use capture_hold::{CaptureHold, CaptureHoldError, CaptureHoldHandler};
pub use chain::{BLOCK_MAX, ChainBlock, ChainHash, ChainRecord, ChainTip, blocks_of};
pub use change_account::{ChangeAccount, ChangeAccountError, ChangeAccountHandler};
pub use desk::Desk;
pub use expire_holds::{ExpireHolds, ExpireHoldsError, ExpireHoldsHandler, ExpiredHolds};
pub use hold_view::HoldView;
pub use hold_within::{Reservation, admit_within, capture_within, release_within, reserve_within};
pub use invariants::{ComparedFigures, InvariantCheck, check_invariants};
pub use open_account::{OpenAccount, OpenAccountError, OpenAccountHandler};
pub use place_hold::{PlaceHold, PlaceHoldError, PlaceHoldHandler};
pub use post_within::{PostWithinError, Postings, post_within};
pub use posting_engine::{
    Ask, EngineParts, EngineSettings, Party, PostTransfers, PostingEngine, PostingError,
    RenderVerdict, SIDE_LANES, TransferRequest, Verdict, WaitingTransfers,
};
pub use reverse_transfer::{ReverseTransfer, ReverseTransferError, ReverseTransferHandler};
pub use ringing_posting_store::RingingPostingStore;
pub use transfer_view::TransferView;
pub use trial_balance::{CurrencyTotals, TrialBalance, TrialBalanceLine};
pub use verification::{Difference, Findings, Heard, Promise, Verification, verify};
pub use void_hold::{VoidHold, VoidHoldError, VoidHoldHandler};
