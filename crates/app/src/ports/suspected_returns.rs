//! Payouts that may have come back after they were completed.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{ProviderNotice, StorageError, WorkKey};

/// A payout of which the provider has told that its money may be back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuspectedReturn {
    /// Which payment.
    pub key: WorkKey,
    /// When the provider told so last.
    pub noticed_at: Timestamp,
    /// How often it was looked into, which the pauses follow.
    pub checks: u32,
    /// How often the provider has said since that the money has arrived all the same.
    pub denials: u32,
}

impl SuspectedReturn {
    /// The same, asked about once more.
    #[must_use]
    pub const fn checked_once_more(self) -> Self {
        Self {
            checks: self.checks.saturating_add(1),
            ..self
        }
    }

    /// The same, denied once more.
    #[must_use]
    pub const fn denied_once_more(self) -> Self {
        Self {
            denials: self.denials.saturating_add(1),
            ..self
        }
    }
}

/// The payouts that may have come back, as seen from inside one transaction. Whoever locks both locks these before their
/// payments.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait SuspectedReturns: Send {
    /// Suspects the payouts that a notice may be about and that have not failed, and makes them due; what was denied before
    /// counts no more. Tells how many.
    async fn suspect(
        &mut self,
        notice: &ProviderNotice,
        now: Timestamp,
    ) -> Result<u64, StorageError>;

    /// Locks one if it is due; passes over one that somebody else has locked: it MUST NOT wait.
    async fn lock_due(
        &mut self,
        key: WorkKey,
        now: Timestamp,
    ) -> Result<Option<SuspectedReturn>, StorageError>;

    /// Locks one that is still suspected.
    async fn lock(&mut self, key: WorkKey) -> Result<Option<SuspectedReturn>, StorageError>;

    /// Makes one due later, after so many checks.
    async fn put_off(
        &mut self,
        suspect: SuspectedReturn,
        due_at: Timestamp,
    ) -> Result<(), StorageError>;

    /// Suspects it no longer.
    async fn clear(&mut self, key: WorkKey) -> Result<(), StorageError>;
}
