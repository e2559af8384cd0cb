//! The trial balance: every account with what is on it, and what that adds up to.

use domain::{ids::AccountId, ledger::SystemAccount, values::Currency};

/// The balances of a currency, added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrencyTotals {
    /// The currency.
    pub currency: Currency,
    /// How many accounts there are in it.
    pub accounts: i64,
    /// The debit balances: those below zero, without their sign, in minor units.
    pub debits_minor: i128,
    /// The credit balances: those above zero, in minor units.
    pub credits_minor: i128,
}

impl CurrencyTotals {
    /// All balances, in minor units: zero, or the ledger is broken.
    pub const fn balances_minor(&self) -> i128 {
        self.credits_minor - self.debits_minor
    }
}

/// An account in the trial balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialBalanceLine {
    /// Which one.
    pub account_id: AccountId,
    /// What it is for, if it is a system account.
    pub system: Option<SystemAccount>,
    /// What it is in.
    pub currency: Currency,
    /// What is on it, in minor units; of a system account, on all of its pages.
    pub balance_minor: i64,
}

/// The totals, and a piece of the accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrialBalance {
    /// The totals of each currency, in the order of their codes.
    pub totals: Vec<CurrencyTotals>,
    /// The accounts, in the order of their ids.
    pub lines: Vec<TrialBalanceLine>,
    /// Whether there are more of them.
    pub has_more: bool,
}
