//! Payments on the wire.

use std::collections::BTreeMap;

use app::{payments::PaymentView, wire};
use domain::payments::PaymentFacts;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{answer::Answer, schemas};

/// Money that moves between two accounts, or through a provider.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Payment, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "payment_type": "external_payment",
    "status": "completed",
    "direction": "charge",
    "provider": "simulator",
    "source_account_id": null,
    "destination_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f25",
    "amount_minor": 174_000,
    "currency": "USD",
    "invoice_id": null,
    "description": "Invoice INV-2026-000001",
    "metadata": {},
    "refunded_minor": 0,
    "refundable_minor": 174_000,
    "hold_id": null,
    "attempts": 1,
    "next_attempt_at": null,
    "unknown_since": null,
    "next_check_at": null,
    "unknown_for_seconds": null,
    "checks": 0,
    "answer_code": "succeeded",
    "provider_reference": "sim_01936f8a",
    "completed_at": "2026-11-20T13:02:11.123456Z",
    "failed_at": null,
    "cancelled_at": null,
    "created_at": "2026-11-20T13:02:11.000000Z",
    "updated_at": "2026-11-20T13:02:11.123456Z",
    "version": 3,
}))]
pub(super) struct PaymentBody {
    /// Which one.
    id: Uuid,
    /// What sort it is.
    #[schema(value_type = schemas::PaymentTypeName)]
    payment_type: &'static str,
    /// Where it stands.
    #[schema(value_type = schemas::PaymentStatusName)]
    status: &'static str,
    /// Which way it goes through a provider.
    #[schema(value_type = Option<schemas::DirectionName>)]
    direction: Option<&'static str>,
    /// Through which one.
    #[schema(value_type = Option<schemas::ProviderNameText>)]
    provider: Option<String>,
    /// The account that the money comes from.
    source_account_id: Option<Uuid>,
    /// The account that it goes to.
    destination_account_id: Option<Uuid>,
    /// How much.
    #[schema(value_type = schemas::TransferAmountMinor)]
    amount_minor: i64,
    /// In what.
    #[schema(value_type = schemas::CurrencyCode)]
    currency: &'static str,
    /// The invoice that it settles.
    invoice_id: Option<Uuid>,
    /// What it is for.
    #[schema(value_type = Option<schemas::TransferDescriptionText>)]
    description: Option<String>,
    /// The client's notes.
    #[schema(value_type = schemas::Metadata)]
    metadata: BTreeMap<String, String>,
    /// What was given back.
    #[schema(value_type = schemas::HeldMinor)]
    refunded_minor: i64,
    /// What can still be given back.
    #[schema(value_type = schemas::HeldMinor)]
    refundable_minor: i64,
    /// What reserves the money of a payout.
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
    /// For how long nobody knows, in seconds.
    #[schema(value_type = Option<schemas::CountNumber>)]
    unknown_for_seconds: Option<i64>,
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
    /// When it was called off.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    cancelled_at: Option<Timestamp>,
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

impl PaymentBody {
    /// A payment as of now.
    pub(super) fn of(facts: &PaymentFacts, now: Timestamp) -> Self {
        let view = PaymentView::from(facts);
        let unknown_for = view.unknown_since.map(|since| now.duration_since(since));
        Self {
            id: view.id,
            payment_type: view.payment_type,
            status: view.status,
            direction: view.direction,
            provider: view.provider,
            source_account_id: view.source_account_id,
            destination_account_id: view.destination_account_id,
            amount_minor: view.amount_minor,
            currency: view.currency,
            invoice_id: view.invoice_id,
            description: view.description,
            metadata: view.metadata,
            refunded_minor: view.refunded_minor,
            refundable_minor: view.refundable_minor,
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
            cancelled_at: view.cancelled_at,
            created_at: view.created_at,
            updated_at: view.updated_at,
            version: view.version,
            unknown_for_seconds: unknown_for.map(|age| age.as_secs().max(0)),
        }
    }
}

/// 200 with a payment as of now. How long nobody knows is told anew each time.
pub(super) fn shown(facts: &PaymentFacts, now: Timestamp) -> Answer {
    let answer = Answer::single(facts.version, &PaymentBody::of(facts, now));
    if facts.progress.stage.doubt().is_some() {
        answer.always_whole()
    } else {
        answer
    }
}

#[cfg(test)]
mod tests {
    use app::testing::{NOW, stored_payment};
    use domain::payments::{Direction, Progress, Stage};
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn what_nobody_knows_shows_for_how_long_and_when_it_is_asked_about() {
        let since: Timestamp = NOW.parse().unwrap();
        let next_check_at = since + SignedDuration::from_mins(1);
        let stage = Stage::Unknown {
            since,
            next_check_at,
            checks: 2,
        };
        let payment = stored_payment(Some(Direction::Charge), Progress::at(stage));

        let body = PaymentBody::of(payment.facts(), since + SignedDuration::from_secs(42));

        assert_eq!(body.status, "unknown");
        assert_eq!((body.unknown_for_seconds, body.checks), (Some(42), 2));
        assert_eq!(body.next_check_at, Some(next_check_at));
    }
}
