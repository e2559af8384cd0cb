//! Payments as they are shown. What the provider was given is not: it may hold tokens.

use std::collections::BTreeMap;

use domain::payments::{PaymentFacts, PaymentStatus, Stage};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::wire;

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaymentView {
    /// Which one.
    pub id: Uuid,
    /// What sort it is.
    pub payment_type: &'static str,
    /// Where it stands.
    pub status: &'static str,
    /// Which way it goes through a provider.
    pub direction: Option<&'static str>,
    /// Through which one.
    pub provider: Option<String>,
    /// The account that the money comes from.
    pub source_account_id: Option<Uuid>,
    /// The account that it goes to.
    pub destination_account_id: Option<Uuid>,
    /// How much.
    pub amount_minor: i64,
    /// In what.
    pub currency: &'static str,
    /// The invoice that it settles.
    pub invoice_id: Option<Uuid>,
    /// What it is for.
    pub description: Option<String>,
    /// The client's notes.
    pub metadata: BTreeMap<String, String>,
    /// What was given back.
    pub refunded_minor: i64,
    /// What can still be given back.
    pub refundable_minor: i64,
    /// What reserves the money of a payout.
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
    /// When it was called off.
    #[serde(with = "wire::optional_instant")]
    pub cancelled_at: Option<Timestamp>,
    /// Since when.
    #[serde(with = "wire::instant")]
    pub created_at: Timestamp,
    /// When it last changed.
    #[serde(with = "wire::instant")]
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: i64,
}

/// When something ended in a status, if it did.
pub(super) fn ended(stage: Stage, status: PaymentStatus) -> Option<Timestamp> {
    stage.ended_at().filter(|_| stage.status() == status)
}

/// When something in a status is looked at next, if it is in it.
pub(super) fn due(stage: Stage, status: PaymentStatus) -> Option<Timestamp> {
    stage.due_at().filter(|_| stage.status() == status)
}

impl From<&PaymentFacts> for PaymentView {
    fn from(facts: &PaymentFacts) -> Self {
        let (kind, progress, stage) = (&facts.kind, &facts.progress, facts.progress.stage);
        let leg = kind.leg();
        let doubt = stage.doubt();
        Self {
            id: facts.id.as_uuid(),
            payment_type: kind.payment_type().code(),
            status: facts.status().code(),
            direction: leg.map(|leg| leg.direction.code()),
            provider: leg.map(|leg| leg.provider.as_str().to_owned()),
            source_account_id: kind.source_account_id().map(|id| id.as_uuid()),
            destination_account_id: kind.destination_account_id().map(|id| id.as_uuid()),
            amount_minor: facts.amount.as_minor(),
            currency: facts.currency.code(),
            invoice_id: facts.invoice_id.map(|id| id.as_uuid()),
            description: facts.description.as_ref().map(|it| it.as_str().to_owned()),
            metadata: facts.metadata.pairs().clone(),
            refunded_minor: facts.refunded_minor,
            refundable_minor: facts.refundable_minor(),
            hold_id: leg.and_then(|leg| leg.hold_id).map(|id| id.as_uuid()),
            attempts: progress.attempts,
            next_attempt_at: due(stage, PaymentStatus::Pending),
            unknown_since: doubt.map(|(since, _)| since),
            next_check_at: due(stage, PaymentStatus::Unknown),
            checks: doubt.map_or(0, |(_, checks)| checks),
            answer_code: progress.answer.as_ref().map(|it| it.as_str().to_owned()),
            provider_reference: progress.reference.as_ref().map(|it| it.as_str().to_owned()),
            completed_at: ended(stage, PaymentStatus::Completed),
            failed_at: ended(stage, PaymentStatus::Failed),
            cancelled_at: ended(stage, PaymentStatus::Cancelled),
            created_at: facts.created_at,
            updated_at: facts.updated_at,
            version: facts.version.as_i64(),
        }
    }
}
