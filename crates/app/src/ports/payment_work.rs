//! What workers have to do about payments and refunds.

use std::collections::HashMap;

use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, PaymentId, RefundId},
    payments::{Payment, ProviderName, Refund},
    version::Version,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::StorageError;
use crate::traces::TraceContext;

/// A payment, or one of its refunds, that somebody has to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WorkKey {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Which payment.
    pub payment_id: PaymentId,
    /// Which of its refunds, if it is not about the payment itself.
    pub refund_id: Option<RefundId>,
}

impl WorkKey {
    /// The id of what it is about.
    pub fn id(&self) -> Uuid {
        self.refund_id
            .map_or(self.payment_id.as_uuid(), |id| id.as_uuid())
    }
}

/// A payment or a refund whose row nobody else can change until the transaction ends.
#[derive(Debug, Clone, PartialEq)]
pub enum LockedWork {
    /// A payment.
    Payment(Box<Payment>),
    /// A refund, and its payment, which is locked as well.
    Refund {
        /// The refund.
        refund: Box<Refund>,
        /// Its payment.
        payment: Box<Payment>,
    },
}

/// A word of a provider about something that it was asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderNotice {
    /// Whose word.
    pub provider: ProviderName,
    /// The ids that it may be about: of a payment or of a refund.
    pub keys: Vec<Uuid>,
    /// What the provider may call it.
    pub references: Vec<String>,
}

/// What is to be done, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait PaymentWork: Send {
    /// Locks those of these that are due, and passes over those that somebody else has locked: it MUST NOT wait.
    async fn lock_due(
        &mut self,
        wanted: &[WorkKey],
        now: Timestamp,
    ) -> Result<Vec<LockedWork>, StorageError>;

    /// Makes those of these that nobody knows of due no earlier than this, for somebody is about to ask: others leave them
    /// alone meanwhile. Whoever calls MUST have locked them.
    async fn put_off(
        &mut self,
        asked_about: &[WorkKey],
        until: Timestamp,
    ) -> Result<(), StorageError>;

    /// Locks one that is still stored as of this version; `None` when somebody has changed it.
    async fn lock_unchanged(
        &mut self,
        key: WorkKey,
        version: Version,
    ) -> Result<Option<LockedWork>, StorageError>;

    /// Notes a notice with those that it may be about and that the provider may have heard of, and makes those of them due
    /// that nobody is asking about. Tells how many it has noted.
    async fn hasten(
        &mut self,
        notice: &ProviderNotice,
        now: Timestamp,
    ) -> Result<u64, StorageError>;

    /// Whether a notice that may be about this has come since an instant. Whoever asks MUST have locked it.
    async fn is_noticed_since(
        &mut self,
        key: WorkKey,
        since: Timestamp,
    ) -> Result<bool, StorageError>;
}

/// How much there is to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkFigures {
    /// Payments and refunds that are due.
    pub due: i64,
    /// How many the provider has taken on, and not carried out yet as far as is known.
    pub at_provider: i64,
    /// How many others it is not known of whether the money has moved.
    pub unknown: i64,
    /// Since when the oldest of these others is like that.
    pub unknown_since: Option<Timestamp>,
    /// Dead letters.
    pub dead: i64,
}

/// What is to be done, for reading.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait PaymentWorkQueries: Send + Sync {
    /// Those through this provider that were due first, at most so many.
    async fn list_due(
        &self,
        provider: &ProviderName,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<WorkKey>, StorageError>;

    /// The payouts through this provider that may have come back and are due, at most so many.
    async fn list_suspected(
        &self,
        provider: &ProviderName,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<WorkKey>, StorageError>;

    /// The traces that these belong to: of what happened to each last, as far as it belonged to any.
    async fn causes(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, TraceContext>, StorageError>;

    /// How much there is to do.
    async fn figures(&self, now: Timestamp) -> Result<WorkFigures, StorageError>;
}
