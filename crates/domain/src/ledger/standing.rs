//! How accounts stand, as far as posting has to know it.

use jiff::Timestamp;

use super::{AccountStatus, Folio};
use crate::{
    ids::OrganizationId,
    values::{AMOUNT_MINOR_MAX, Currency, InvalidValue},
    version::Version,
};

/// How far below zero an account may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverdraftLimit {
    /// By so many minor units: 0 for an account that has to have what it spends.
    Minor(i64),
    /// As far as it takes: system accounts only.
    Unlimited,
}

impl OverdraftLimit {
    /// Of an account that has to have what it spends.
    pub const NONE: Self = Self::Minor(0);

    /// Checks a limit in minor units: 0 to [`AMOUNT_MINOR_MAX`].
    pub const fn from_minor(minor: i64) -> Result<Self, InvalidValue> {
        if minor >= 0 && minor <= AMOUNT_MINOR_MAX {
            Ok(Self::Minor(minor))
        } else {
            Err(InvalidValue::OutOfRange {
                rule: "from 0 to 9007199254740991",
            })
        }
    }

    /// In minor units; `None` when there is no limit.
    pub const fn as_minor(self) -> Option<i64> {
        match self {
            Self::Minor(minor) => Some(minor),
            Self::Unlimited => None,
        }
    }
}

/// How a page of an account stands at one moment: all that decides whether it can send or receive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Which page.
    pub folio: Folio,
    /// Whose account it is.
    pub organization_id: OrganizationId,
    /// What it is in.
    pub currency: Currency,
    /// Whether it takes part in transfers.
    pub status: AccountStatus,
    /// How far below zero it may go.
    pub overdraft_limit: OverdraftLimit,
    /// What is on it, in minor units.
    pub balance_minor: i64,
    /// What of that is reserved and cannot be spent, in minor units.
    pub held_minor: i64,
    /// How many entries it has: the sequence number of the last one.
    pub last_sequence: i64,
    /// When the last entry was made. No later one is dated before it.
    pub last_entry_at: Timestamp,
    /// How often it changed, in any respect. Whoever writes one down must have decided on the version before it.
    pub version: Version,
}

impl Standing {
    /// What it could spend right now, in minor units; `None` when there is no limit.
    pub fn available_minor(&self) -> Option<i128> {
        let limit = self.overdraft_limit.as_minor()?;
        Some(i128::from(self.balance_minor) + i128::from(limit) - i128::from(self.held_minor))
    }

    /// Whether it could spend so much.
    pub fn can_spend(&self, minor: i64) -> bool {
        self.available_minor()
            .is_none_or(|available| available >= i128::from(minor))
    }
}
