//! What was found.

use std::collections::BTreeMap;

/// What the ledger promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// Each transfer has its two entries, over plus and minus its amount, under the sequences that it names.
    TransfersHaveTwoEntries,
    /// Each entry belongs to a transfer.
    EntriesHaveATransfer,
    /// The entries of a page are numbered 1, 2, 3, …
    SequencesHaveNoGap,
    /// Each entry leaves what the one before it left, and its amount.
    BalancesFollow,
    /// No entry is dated before the one before it.
    InstantsAscend,
    /// What is on an account is the sum of its entries, and what the last one left.
    BalancesAreSums,
    /// What is held on an account is the sum of its pending holds.
    HoldsAreReserved,
    /// No account is lower than its overdraft limit lets it be.
    NoAccountIsBelowItsFloor,
    /// All balances of a currency add up to 0.
    CurrenciesAddUpToZero,
    /// Transfers, pages and accounts that belong together agree on currency and organization.
    CurrenciesMatch,
    /// Each hash of a chain is that of its transfer and of the hash before it.
    ChainIsUnbroken,
    /// Each transfer is in the chain once, as far as the chain reaches.
    ChainIsComplete,
    /// What customers owe is what is open of their invoices.
    ReceivablesAreOpenInvoices,
}

impl Promise {
    /// All there are.
    pub const ALL: [Self; 13] = [
        Self::TransfersHaveTwoEntries,
        Self::EntriesHaveATransfer,
        Self::SequencesHaveNoGap,
        Self::BalancesFollow,
        Self::InstantsAscend,
        Self::BalancesAreSums,
        Self::HoldsAreReserved,
        Self::NoAccountIsBelowItsFloor,
        Self::CurrenciesAddUpToZero,
        Self::CurrenciesMatch,
        Self::ChainIsUnbroken,
        Self::ChainIsComplete,
        Self::ReceivablesAreOpenInvoices,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TransfersHaveTwoEntries => "transfers_have_two_entries",
            Self::EntriesHaveATransfer => "entries_have_a_transfer",
            Self::SequencesHaveNoGap => "sequences_have_no_gap",
            Self::BalancesFollow => "balances_follow",
            Self::InstantsAscend => "instants_ascend",
            Self::BalancesAreSums => "balances_are_sums",
            Self::HoldsAreReserved => "holds_are_reserved",
            Self::NoAccountIsBelowItsFloor => "no_account_is_below_its_floor",
            Self::CurrenciesAddUpToZero => "currencies_add_up_to_zero",
            Self::CurrenciesMatch => "currencies_match",
            Self::ChainIsUnbroken => "chain_is_unbroken",
            Self::ChainIsComplete => "chain_is_complete",
            Self::ReceivablesAreOpenInvoices => "receivables_are_open_invoices",
        }
    }
}

/// How a promise is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// In how many places.
    pub count: u64,
    /// The first of them, with ids and figures.
    pub first: String,
}

/// Which promises are broken. Of each only the first place is kept, however many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings(BTreeMap<Promise, Difference>);

impl Findings {
    /// Notes that a promise is broken.
    pub(super) fn differ(&mut self, promise: Promise, tell: impl FnOnce() -> String) {
        let found = self.0.entry(promise);
        found
            .and_modify(|it| it.count += 1)
            .or_insert_with(|| Difference {
                count: 1,
                first: tell(),
            });
    }

    /// Notes that a promise is broken unless it holds.
    pub(super) fn expect(&mut self, promise: Promise, holds: bool, tell: impl FnOnce() -> String) {
        if !holds {
            self.differ(promise, tell);
        }
    }

    /// Whether all promises hold.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How a promise is broken, if it is.
    pub fn of(&self, promise: Promise) -> Option<&Difference> {
        self.0.get(&promise)
    }
}
