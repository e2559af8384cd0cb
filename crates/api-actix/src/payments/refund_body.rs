//! Refunds on the wire.

use std::collections::BTreeMap;

use app::{payments::RefundView, wire};
use domain::payments::RefundFacts;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schemas;

/// Money of a payment that is given back. It goes the same way as the payment, and has a life of its own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Refund, example = json!({
    "id": "01936f8a-7777-7c3d-9a4f-2b6c8d0e1f23",
    "payment_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "status": "pending",
    "amount_minor": 2_000,
    "currency": "USD",
    "reason": "Returned in part",
    "metadata": {},
    "hold_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f29",
    "attempts": 0,
    "next_attempt_at": "2026-11-20T13:02:11.000000Z",
    "unknown_since": null,
    "next_check_at": null,
    "checks": 0,
    "answer_code": null,
    "provider_reference": null,
    "completed_at": null,
    "failed_at": null,
    "created_at": "2026-11-20T13:02:11.000000Z",
    "updated_at": "2026-11-20T13:02:11.000000Z",
    "version": 1,
}))]
pub(super) struct RefundBody {
    /// Which one.
    id: Uuid,
    /// Of which payment.
    payment_id: Uuid,
    /// Where it stands.
    #[schema(value_type = schemas::PaymentStatusName)]
    status: &'static str,
    /// How much.
    #[schema(value_type = schemas::TransferAmountMinor)]
    amount_minor: i64,
    /// In what.
    #[schema(value_type = schemas::CurrencyCode)]
    currency: &'static str,
    /// Why.
    #[schema(value_type = Option<schemas::RefundReasonText>)]
    reason: Option<String>,
    /// The client's notes.
    #[schema(value_type = schemas::Metadata)]
    metadata: BTreeMap<String, String>,
    /// What reserves the money that leaves an account.
    hold_id: Option<Uuid>,
    /// How many attempts were begun.
    #[schema(value_type = schemas::CountNumber)]
    attempts: u32,
    /// When the next one is made.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    next_attempt_at: Option<Timestamp>,
    /// Since when nobody knows whether the money has moved.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    unknown_since: Option<Timestamp>,
    /// When the provider is asked next.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    next_check_at: Option<Timestamp>,
    /// How often it was asked.
    #[schema(value_type = schemas::CountNumber)]
    checks: u32,
    /// What the provider said last.
    answer_code: Option<String>,
    /// What the provider calls it.
    provider_reference: Option<String>,
    /// When the money had moved.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    completed_at: Option<Timestamp>,
    /// When it had failed for good.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    failed_at: Option<Timestamp>,
    /// Since when.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    created_at: Timestamp,
    /// When it last changed.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    updated_at: Timestamp,
    /// How often it changed.
    #[schema(value_type = schemas::VersionNumber)]
    version: i64,
}

impl From<&RefundFacts> for RefundBody {
    fn from(facts: &RefundFacts) -> Self {
        let view = RefundView::from(facts);
        Self {
            id: view.id,
            payment_id: view.payment_id,
            status: view.status,
            amount_minor: view.amount_minor,
            currency: view.currency,
            reason: view.reason,
            metadata: view.metadata,
            hold_id: view.hold_id,
            attempts: view.attempts,
            next_attempt_at: view.next_attempt_at,
            unknown_since: view.unknown_since,
            next_check_at: view.next_check_at,
            checks: view.checks,
            answer_code: view.answer_code,
            provider_reference: view.provider_reference,
            completed_at: view.completed_at,
            failed_at: view.failed_at,
            created_at: view.created_at,
            updated_at: view.updated_at,
            version: view.version,
        }
    }
}
