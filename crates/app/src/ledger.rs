//! The ledger.

mod account_view;
mod hold_view;
mod post_within;
mod posting_engine;
mod transfer_view;

pub use account_view::AccountView;
pub use hold_view::HoldView;
pub use post_within::{PostWithinError, Postings, post_within};
pub use posting_engine::{
    Ask, EngineParts, EngineSettings, Party, PostTransfers, PostingEngine, PostingError,
    RenderVerdict, TransferRequest, Verdict,
};
pub use transfer_view::TransferView;
