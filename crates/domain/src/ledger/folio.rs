//! Where an account is written: on one page, or on several.

use super::Standing;
use crate::{ids::AccountId, values::AMOUNT_MINOR_MAX};

/// Which page of an account.
///
/// A system account is touched by nearly everything and has no limit to keep, so it is kept on [`Shard::COUNT`] pages that
/// different writers fill at the same time; its balance is the sum of theirs. Any other account has one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Shard(i16);

impl Shard {
    /// The one page of an account that is not a system account.
    pub const WHOLE: Self = Self(0);
    /// How many pages a system account has.
    pub const COUNT: i16 = 16;

    /// One of the pages of a system account, whatever the number.
    pub fn any(number: u64) -> Self {
        let count = Self::COUNT.unsigned_abs();
        let page = i16::try_from(number % u64::from(count)).unwrap_or_default();
        Self(page + 1)
    }

    /// All pages of a system account.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=Self::COUNT).map(Self)
    }

    /// Wraps a stored number.
    pub const fn new(raw: i16) -> Self {
        Self(raw)
    }

    /// The number: 0 for the one page of an ordinary account, else from 1.
    pub const fn as_i16(self) -> i16 {
        self.0
    }
}

/// A page of an account: what has a balance, and entries with a sequence of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Folio {
    /// Of which account.
    pub account_id: AccountId,
    /// Which page.
    pub shard: Shard,
}

impl Folio {
    /// The one page of an account that is not a system account.
    pub const fn whole(account_id: AccountId) -> Self {
        Self {
            account_id,
            shard: Shard::WHOLE,
        }
    }

    /// The most that may be on it, above or below zero, in minor units: what JSON carries exactly, or for one of the pages of a
    /// system account so much that nobody ever fills it, while all pages together fit 64 bits.
    pub fn balance_minor_max(self) -> i64 {
        if self.is_whole() {
            AMOUNT_MINOR_MAX
        } else {
            1 << 57
        }
    }

    /// Whether its balance is that of the account.
    pub fn is_whole(self) -> bool {
        self.shard == Shard::WHOLE
    }

    /// Whether a page of a system account was looked for and not found. Such accounts are never deleted: one that was known
    /// was lost with the server that had made it.
    pub fn is_system_lost(wanted: &[Self], found: &[Standing]) -> bool {
        let is_found = |folio: &Self| found.iter().any(|it| it.folio == *folio);
        let mut pages = wanted.iter().filter(|folio| !folio.is_whole());
        found.len() < wanted.len() && pages.any(|folio| !is_found(folio))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_account_without_its_page_was_lost_and_another_was_never_there() {
        let account = |number| AccountId::from_uuid(uuid::Uuid::from_u128(number));
        let whole = Folio::whole(account(1));
        let page = Folio {
            account_id: account(2),
            shard: Shard::any(7),
        };

        assert!(Folio::is_system_lost(&[whole, page], &[]));
        assert!(!Folio::is_system_lost(&[whole], &[]));
        assert!(!Folio::is_system_lost(&[], &[]));
    }

    #[test]
    fn every_number_is_a_page_of_a_system_account() {
        let pages: std::collections::BTreeSet<_> = (0..100).map(Shard::any).collect();

        assert!(pages.into_iter().eq(Shard::all()));
        assert!(Shard::all().all(|shard| shard != Shard::WHOLE));
    }
}
