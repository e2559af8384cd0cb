//! Stored accounts.

use async_trait::async_trait;
use domain::{
    ids::{AccountId, OrganizationId},
    ledger::{Account, AccountOwner, AccountStatus},
    values::Currency,
};
use jiff::Timestamp;

use super::StorageError;
use crate::{
    ledger::{AccountState, PastBalance},
    paging::{Listing, Window},
};

/// The accounts, as seen from inside one transaction. What is on them is changed through [`super::Journal`].
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait AccountRepository: Send {
    /// Finds an account, and keeps others from changing it or what is on it until the transaction ends. Of a system
    /// account only one page is found, which is enough for it to refuse every change.
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: AccountId,
    ) -> Result<Option<Account>, StorageError>;

    /// Stores a new one, and how it stands.
    async fn insert(&mut self, account: &Account) -> Result<(), StorageError>;

    /// Stores what [`Account::change`] has changed in one that was found for update: the account, and the status, the
    /// limit and the version of its standing.
    async fn update(&mut self, account: &Account) -> Result<(), StorageError>;
}

/// Which accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountFilter {
    /// Whose, in the client's own system.
    pub owner: Option<AccountOwner>,
    /// In this currency.
    pub currency: Option<Currency>,
    /// In this state.
    pub status: Option<AccountStatus>,
}

/// The accounts, for reading.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait AccountQueries: Send + Sync {
    /// Finds one, a system account as well.
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: AccountId,
    ) -> Result<Option<AccountState>, StorageError>;

    /// Those that are not system accounts, newest first.
    async fn list(
        &self,
        organization_id: OrganizationId,
        filter: &AccountFilter,
        window: Window,
    ) -> Result<Listing<AccountState>, StorageError>;

    /// What the entries that were made until an instant, and at it, had brought an account to. The cost MUST NOT
    /// depend on how many entries there are.
    async fn balance_at(
        &self,
        organization_id: OrganizationId,
        id: AccountId,
        instant: Timestamp,
    ) -> Result<Option<PastBalance>, StorageError>;
}
