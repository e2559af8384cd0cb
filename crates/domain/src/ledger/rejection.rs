//! Why an order was not posted.

use crate::{ids::AccountId, values::Currency};

/// What is wrong with an order, as things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// One of the accounts does not exist, or is another organization's.
    #[error("there is no account {0}")]
    AccountNotFound(AccountId),
    /// Source and destination are one.
    #[error("the source and the destination are the same account")]
    SameAccount,
    /// An account is in another currency than the order.
    #[error("account {account_id} is in {}, the transfer in {}", actual.code(), expected.code())]
    CurrencyMismatch {
        /// Which account.
        account_id: AccountId,
        /// What the order is in.
        expected: Currency,
        /// What the account is in.
        actual: Currency,
    },
    /// An account does not take part for now.
    #[error("account {0} is frozen")]
    AccountFrozen(AccountId),
    /// An account does not take part any more.
    #[error("account {0} is closed")]
    AccountClosed(AccountId),
    /// The source cannot spend that much.
    #[error(
        "account {account_id} has {available_minor} {} minor units available, {needed_minor} are needed",
        currency.code()
    )]
    InsufficientFunds {
        /// Which account.
        account_id: AccountId,
        /// What it is in.
        currency: Currency,
        /// What it could spend, in minor units.
        available_minor: i128,
        /// What it was to spend, in minor units.
        needed_minor: i64,
    },
    /// A balance would be beyond what JSON carries exactly.
    #[error("the balance of account {0} would be beyond ±9007199254740991 minor units")]
    AmountOutOfRange(AccountId),
}

impl Rejection {
    /// Its stable word.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AccountNotFound(_) => "account_not_found",
            Self::SameAccount => "same_account",
            Self::CurrencyMismatch { .. } => "currency_mismatch",
            Self::AccountFrozen(_) => "account_frozen",
            Self::AccountClosed(_) => "account_closed",
            Self::InsufficientFunds { .. } => "insufficient_funds",
            Self::AmountOutOfRange(_) => "amount_out_of_range",
        }
    }
}
