//! Holds on the wire.

use std::collections::BTreeMap;

use app::{ledger::HoldView, wire};
use domain::ledger::HoldFacts;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{answer::Answer, schemas};

/// Money that is reserved on an account for another one. It is captured, voided or expired once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Hold, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24",
    "destination_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f25",
    "amount_minor": 2_500,
    "currency": "USD",
    "description": "Deposit for a bicycle",
    "reference": "order-4711",
    "metadata": {},
    "status": "captured",
    "captured_minor": 2_000,
    "transfer_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f26",
    "resolved_at": "2026-11-20T14:02:11.123456Z",
    "payment_id": null,
    "expires_at": "2026-11-27T13:02:11.123456Z",
    "created_at": "2026-11-20T13:02:11.123456Z",
    "updated_at": "2026-11-20T14:02:11.123456Z",
    "version": 2,
}))]
pub(super) struct HoldBody {
    /// Which one.
    id: Uuid,
    /// The account on which it is reserved.
    account_id: Uuid,
    /// The account for which it is reserved.
    destination_account_id: Uuid,
    /// How much was reserved.
    #[schema(value_type = schemas::TransferAmountMinor)]
    amount_minor: i64,
    /// In what.
    #[schema(value_type = schemas::CurrencyCode)]
    currency: &'static str,
    /// What it is for.
    #[schema(value_type = Option<schemas::TransferDescriptionText>)]
    description: Option<String>,
    /// What it belongs to, in your own system.
    #[schema(value_type = Option<schemas::TransferReferenceText>)]
    reference: Option<String>,
    /// Your own notes.
    #[schema(value_type = schemas::Metadata)]
    metadata: BTreeMap<String, String>,
    /// Where it stands.
    #[schema(value_type = schemas::HoldStatusName)]
    status: &'static str,
    /// What of it was taken, if it was captured.
    #[schema(value_type = Option<schemas::TransferAmountMinor>)]
    captured_minor: Option<i64>,
    /// The transfer by which it was taken.
    transfer_id: Option<Uuid>,
    /// When it was taken or let go.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    resolved_at: Option<Timestamp>,
    /// The payment that has reserved it, if one has: that alone takes it or lets it go.
    payment_id: Option<Uuid>,
    /// Until when it can be taken; `null` if a payment has reserved it.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    expires_at: Option<Timestamp>,
    /// Since when it is there.
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

impl From<&HoldFacts> for HoldBody {
    fn from(facts: &HoldFacts) -> Self {
        let view = HoldView::from(facts);
        Self {
            id: view.id,
            account_id: view.account_id,
            destination_account_id: view.destination_account_id,
            amount_minor: view.amount_minor,
            currency: view.currency,
            description: view.description,
            reference: view.reference,
            metadata: view.metadata,
            status: view.status,
            captured_minor: view.captured_minor,
            transfer_id: view.transfer_id,
            resolved_at: view.resolved_at,
            payment_id: view.payment_id,
            expires_at: view.expires_at,
            created_at: view.created_at,
            updated_at: view.updated_at,
            version: view.version,
        }
    }
}

/// 200 with a hold as it is now.
pub(super) fn shown(facts: &HoldFacts) -> Answer {
    Answer::single(facts.version, &HoldBody::from(facts))
}
