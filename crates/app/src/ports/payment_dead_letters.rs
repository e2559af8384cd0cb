//! Payments and refunds that were given up.

use async_trait::async_trait;
use domain::{
    ids::OrganizationId,
    payments::{Direction, ProviderName},
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{LockedWork, StorageError, WorkKey};
use crate::paging::{Listing, Window};

/// A payment or a refund that was given up after the last attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadPayment {
    /// Which dead letter.
    pub id: Uuid,
    /// What was given up.
    pub key: WorkKey,
    /// Through which provider it was to go.
    pub provider: ProviderName,
    /// Which way the payment was to go.
    pub direction: Direction,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// In what.
    pub currency: String,
    /// How many attempts there were.
    pub attempts: u32,
    /// What the provider said last.
    pub answer_code: Option<String>,
    /// When it was accepted.
    pub accepted_at: Timestamp,
    /// When it was given up.
    pub dead_at: Timestamp,
}

impl DeadPayment {
    /// What there is to say of work that was given up; `None` for what goes through no provider.
    pub fn of(id: Uuid, work: &LockedWork, now: Timestamp) -> Option<Self> {
        let (facts, refund) = match work {
            LockedWork::Payment(payment) => (payment.facts(), None),
            LockedWork::Refund { refund, payment } => (payment.facts(), Some(refund.facts())),
        };
        let leg = facts.kind.leg()?;
        let progress = refund.map_or(&facts.progress, |it| &it.progress);
        Some(Self {
            id,
            key: work.key(),
            provider: leg.provider.clone(),
            direction: leg.direction,
            amount_minor: refund.map_or(facts.amount, |it| it.amount).as_minor(),
            currency: facts.currency.code().to_owned(),
            attempts: progress.attempts,
            answer_code: progress.answer.as_ref().map(|it| it.as_str().to_owned()),
            accepted_at: refund.map_or(facts.created_at, |it| it.created_at),
            dead_at: now,
        })
    }
}

/// The dead letters, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait PaymentDeadLetters: Send {
    /// Stores a new one, in the place of an earlier one about the same.
    async fn insert(&mut self, dead: &DeadPayment) -> Result<(), StorageError>;

    /// Finds one and keeps others from changing it until the transaction ends.
    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: Uuid,
    ) -> Result<Option<DeadPayment>, StorageError>;

    /// Removes one.
    async fn remove(&mut self, id: Uuid) -> Result<(), StorageError>;
}

/// A dead letter with its whole story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadPaymentView {
    /// The dead letter.
    pub dead: DeadPayment,
    /// What happened to the payment until it was given up, oldest first; and with it what happened to the refund, if that is
    /// what was given up.
    pub story: serde_json::Value,
}

/// The dead letters, for reading.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait PaymentDeadLetterQueries: Send + Sync {
    /// Lists those of an organization, newest first.
    async fn list(
        &self,
        organization_id: OrganizationId,
        window: Window,
    ) -> Result<Listing<DeadPaymentView>, StorageError>;
}
