//! The ledger.

mod account_view;
mod chain;
mod hold_view;
mod post_within;
mod posting_engine;
mod transfer_view;
mod verification;

pub use account_view::AccountView;
pub use chain::{BLOCK_MAX, ChainBlock, ChainHash, ChainRecord, ChainTip, blocks_of};
pub use hold_view::HoldView;
pub use post_within::{PostWithinError, Postings, post_within};
pub use posting_engine::{
    Ask, EngineParts, EngineSettings, Party, PostTransfers, PostingEngine, PostingError,
    RenderVerdict, TransferRequest, Verdict,
};
pub use transfer_view::TransferView;
pub use verification::{Difference, Findings, Heard, Promise, Verification, verify};
