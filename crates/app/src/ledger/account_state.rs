//! What is known of an account and what is on it, at one moment.

use domain::{
    ids::TransferId,
    ledger::{Account, AccountFacts, Entry, TransferDescription, TransferKind},
    values::{AMOUNT_MINOR_MAX, Currency},
};
use jiff::Timestamp;

/// An account, and what is on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountState {
    /// What is known of it.
    pub facts: AccountFacts,
    /// What is on it, in minor units.
    pub balance_minor: i64,
    /// What of that is held, in minor units.
    pub held_minor: i64,
}

impl AccountState {
    /// What one transfer could take from it, in minor units: never more than the largest amount there is. `None` when
    /// there is no limit.
    pub fn available_minor(&self) -> Option<i64> {
        let limit = self.facts.overdraft_limit.as_minor()?;
        let available = self.balance_minor.saturating_add(limit);
        Some(
            available
                .saturating_sub(self.held_minor)
                .min(AMOUNT_MINOR_MAX),
        )
    }
}

impl From<&Account> for AccountState {
    fn from(account: &Account) -> Self {
        Self {
            facts: account.facts().clone(),
            balance_minor: account.standing().balance_minor,
            held_minor: account.standing().held_minor,
        }
    }
}

/// What was on an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastBalance {
    /// In what.
    pub currency: Currency,
    /// How much, in minor units.
    pub balance_minor: i64,
}

/// An entry of an account, with what is shown of its transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountEntry {
    /// The entry.
    pub entry: Entry,
    /// By which transfer.
    pub transfer_id: TransferId,
    /// Of which kind that is.
    pub kind: TransferKind,
    /// What that was for.
    pub description: Option<TransferDescription>,
    /// When it was made.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use domain::ledger::OverdraftLimit;
    use rstest::rstest;

    use super::*;
    use crate::testing::stored_account;

    fn state(balance_minor: i64, held_minor: i64, overdraft_limit: OverdraftLimit) -> AccountState {
        let facts = AccountFacts {
            overdraft_limit,
            ..stored_account().facts().clone()
        };
        AccountState {
            facts,
            balance_minor,
            held_minor,
        }
    }

    #[rstest]
    #[case::of_what_is_on_it(state(100, 0, OverdraftLimit::NONE), Some(100))]
    #[case::not_what_is_held(state(100, 30, OverdraftLimit::NONE), Some(70))]
    #[case::with_the_overdraft(state(-20, 30, OverdraftLimit::Minor(60)), Some(10))]
    #[case::of_a_system_account(state(-20, 0, OverdraftLimit::Unlimited), None)]
    #[case::beyond_any_transfer(
        state(AMOUNT_MINOR_MAX, 0, OverdraftLimit::Minor(AMOUNT_MINOR_MAX)),
        Some(AMOUNT_MINOR_MAX)
    )]
    fn available_is_what_a_transfer_could_take(
        #[case] state: AccountState,
        #[case] expected: Option<i64>,
    ) {
        assert_eq!(state.available_minor(), expected);
    }
}
