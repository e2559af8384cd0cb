//! The trial balance.

use async_trait::async_trait;
use domain::ids::{AccountId, OrganizationId};

use super::StorageError;
use crate::{ledger::TrialBalance, paging::Limit};

/// Balances of all accounts, for reading.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait TrialBalanceQueries: Send + Sync {
    /// The totals of all accounts, and a piece of the accounts in the order of their ids: those behind `after`. All of it
    /// MUST be as it was at one moment.
    async fn trial_balance(
        &self,
        organization_id: OrganizationId,
        after: Option<AccountId>,
        limit: Limit,
    ) -> Result<TrialBalance, StorageError>;
}
