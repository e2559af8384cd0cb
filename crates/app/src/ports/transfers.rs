//! Posted transfers, for reading.

use async_trait::async_trait;
use domain::{
    ids::{AccountId, OrganizationId, TransferId},
    ledger::{PostedTransfer, TransferKind, TransferReference},
};
use jiff::Timestamp;

use super::StorageError;
use crate::paging::{Listing, Window};

/// Which transfers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TransferFilter {
    /// From or to this account.
    pub account_id: Option<AccountId>,
    /// With exactly this reference.
    pub reference: Option<TransferReference>,
    /// Of this kind.
    pub kind: Option<TransferKind>,
    /// Posted at this instant or later.
    pub from: Option<Timestamp>,
    /// Posted at this instant or earlier.
    pub to: Option<Timestamp>,
}

/// The transfers, for reading.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait TransferQueries: Send + Sync {
    /// Finds one.
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: TransferId,
    ) -> Result<Option<PostedTransfer>, StorageError>;

    /// Those of a filter, newest first. The cost MUST NOT depend on how far into the list the window is; the positions
    /// are good for lists of the same filter only.
    async fn list(
        &self,
        organization_id: OrganizationId,
        filter: &TransferFilter,
        window: Window,
    ) -> Result<Listing<PostedTransfer>, StorageError>;
}
