//! Refunds as they are shown.

use std::collections::BTreeMap;

use domain::payments::{PaymentStatus, RefundFacts};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::payment_view::{due, ended};
use crate::wire;

/// A refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefundView {
    /// Which one.
    pub id: Uuid,
    /// Of which payment.
    pub payment_id: Uuid,
    /// Where it stands.
    pub status: &'static str,
    /// How much.
    pub amount_minor: i64,
    /// In what.
    pub currency: &'static str,
    /// Why.
    pub reason: Option<String>,
    /// The client's notes.
    pub metadata: BTreeMap<String, String>,
    /// What reserves the money that leaves an account.
    pub hold_id: Option<Uuid>,
    /// How many attempts were begun.
    pub attempts: u32,
    /// When the next one is made.
    #[serde(with = "wire::optional_instant")]
    pub next_attempt_at: Option<Timestamp>,
    /// Since when nobody knows whether the money has moved.
    #[serde(with = "wire::optional_instant")]
    pub unknown_since: Option<Timestamp>,
    /// When the provider is asked next.
    #[serde(with = "wire::optional_instant")]
    pub next_check_at: Option<Timestamp>,
    /// How often it was asked.
    pub checks: u32,
    /// What the provider said last.
    pub answer_code: Option<String>,
    /// What the provider calls it.
    pub provider_reference: Option<String>,
    /// When the money had moved.
    #[serde(with = "wire::optional_instant")]
    pub completed_at: Option<Timestamp>,
    /// When it had failed for good.
    #[serde(with = "wire::optional_instant")]
    pub failed_at: Option<Timestamp>,
    /// Since when.
    #[serde(with = "wire::instant")]
    pub created_at: Timestamp,
    /// When it last changed.
    #[serde(with = "wire::instant")]
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: i64,
}

impl From<&RefundFacts> for RefundView {
    fn from(facts: &RefundFacts) -> Self {
        let (progress, stage) = (&facts.progress, facts.progress.stage);
        let doubt = stage.doubt();
        Self {
            id: facts.id.as_uuid(),
            payment_id: facts.payment_id.as_uuid(),
            status: facts.status().code(),
            amount_minor: facts.amount.as_minor(),
            currency: facts.currency.code(),
            reason: facts.reason.as_ref().map(|it| it.as_str().to_owned()),
            metadata: facts.metadata.pairs().clone(),
            hold_id: facts.hold_id.map(|id| id.as_uuid()),
            attempts: progress.attempts,
            next_attempt_at: due(stage, PaymentStatus::Pending),
            unknown_since: doubt.map(|(since, _)| since),
            next_check_at: due(stage, PaymentStatus::Unknown),
            checks: doubt.map_or(0, |(_, checks)| checks),
            answer_code: progress.answer.as_ref().map(|it| it.as_str().to_owned()),
            provider_reference: progress.reference.as_ref().map(|it| it.as_str().to_owned()),
            completed_at: ended(stage, PaymentStatus::Completed),
            failed_at: ended(stage, PaymentStatus::Failed),
            created_at: facts.created_at,
            updated_at: facts.updated_at,
            version: facts.version.as_i64(),
        }
    }
}
