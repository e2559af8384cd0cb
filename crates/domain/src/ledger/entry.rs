//! What a transfer writes down.

use jiff::Timestamp;

use super::Folio;

/// One side of a transfer, as its account remembers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// On which page of which account.
    pub folio: Folio,
    /// Which of the page's entries it is, counted from 1.
    pub sequence: i64,
    /// What it changed, in minor units: negative on the source, positive on the destination.
    pub amount_minor: i64,
    /// What was on the page afterwards, in minor units.
    pub balance_after_minor: i64,
}

impl Entry {
    /// What was on the account afterwards, in minor units; `None` for a system account, of which this is one page.
    pub fn account_balance_after_minor(&self) -> Option<i64> {
        self.folio.is_whole().then_some(self.balance_after_minor)
    }
}

/// What was decided of a transfer: two entries that add up to zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// The lowered side.
    pub source: Entry,
    /// The raised side.
    pub destination: Entry,
    /// When: not before any earlier entry of the two.
    pub posted_at: Timestamp,
}
