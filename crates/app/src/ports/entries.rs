//! The entries of accounts, for reading.

use async_trait::async_trait;
use domain::{
    ids::{AccountId, OrganizationId},
    ledger::TransferKind,
    values::InvalidValue,
};
use jiff::Timestamp;

use super::StorageError;
use crate::{
    ledger::AccountEntry,
    paging::{Listing, Window},
};

/// What an entry does to its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryDirection {
    /// It raises the balance.
    Credit,
    /// It lowers the balance.
    Debit,
}

impl EntryDirection {
    /// Reads its word.
    pub fn parse(raw: &str) -> Result<Self, InvalidValue> {
        match raw {
            "credit" => Ok(Self::Credit),
            "debit" => Ok(Self::Debit),
            _ => Err(InvalidValue::Unsupported {
                expected: "credit or debit",
            }),
        }
    }
}

/// Which entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// Made at this instant or later.
    pub from: Option<Timestamp>,
    /// Made at this instant or earlier.
    pub to: Option<Timestamp>,
    /// By transfers of this kind.
    pub kind: Option<TransferKind>,
    /// In this direction.
    pub direction: Option<EntryDirection>,
}

/// The entries of accounts, for reading.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait EntryQueries: Send + Sync {
    /// Those of an account, newest first; `None` when there is no such account. The pages of a system account are
    /// merged. The cost MUST NOT depend on how far into the list the window is.
    async fn list(
        &self,
        organization_id: OrganizationId,
        account_id: AccountId,
        filter: &EntryFilter,
        window: Window,
    ) -> Result<Option<Listing<AccountEntry>>, StorageError>;
}
