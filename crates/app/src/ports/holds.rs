//! Stored holds.

use async_trait::async_trait;
use domain::{
    ids::{AccountId, HoldId, OrganizationId},
    ledger::{Hold, HoldFacts, HoldState},
};
use jiff::Timestamp;

use super::StorageError;
use crate::paging::{Listing, Window};

/// A place among pending holds, in the order in which their time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HoldPlace {
    /// When its time is over.
    pub expires_at: Timestamp,
    /// Which one, of those at that time.
    pub id: HoldId,
}

impl HoldPlace {
    /// Where a hold is; `None` for one whose time is never over by itself.
    pub fn of(facts: &HoldFacts) -> Option<Self> {
        let id = facts.id;
        let expires_at = facts.term.expires_at()?;
        Some(Self { expires_at, id })
    }
}

/// The holds, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait HoldRepository: Send {
    /// Finds one and keeps others from changing it until the transaction ends.
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: HoldId,
    ) -> Result<Option<Hold>, StorageError>;

    /// Stores a new one.
    async fn insert(&mut self, hold: &Hold) -> Result<(), StorageError>;

    /// Stores what changed in a loaded one.
    async fn update(&mut self, hold: &Hold) -> Result<(), StorageError>;

    /// Finds at most `limit` pending ones of any organization whose time was over at `now`, the first ones behind `after`,
    /// and keeps others from changing them; passes over those that somebody is changing right now, and over those that
    /// cannot be read, which MUST not keep others from being found.
    async fn list_expired_for_update(
        &mut self,
        now: Timestamp,
        after: Option<HoldPlace>,
        limit: i64,
    ) -> Result<Vec<Hold>, StorageError>;
}

/// Which holds. What is `None` does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HoldFilter {
    /// On this account.
    pub account_id: Option<AccountId>,
    /// That stand there.
    pub state: Option<HoldState>,
}

/// The holds, for reading.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait HoldQueries: Send + Sync {
    /// Finds one.
    async fn find(
        &self,
        organization_id: OrganizationId,
        id: HoldId,
    ) -> Result<Option<HoldFacts>, StorageError>;

    /// Lists those that a filter lets through, newest first.
    async fn list(
        &self,
        organization_id: OrganizationId,
        filter: &HoldFilter,
        window: Window,
    ) -> Result<Listing<HoldFacts>, StorageError>;
}
