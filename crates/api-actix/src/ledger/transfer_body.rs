//! Transfers on the wire.

use std::collections::BTreeMap;

use app::{ledger::TransferView, wire};
use domain::{ids::TransferId, ledger::PostedTransfer, version::Version};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{answer::Answer, schemas};

/// A transfer. It never changes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Transfer, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "kind": "transfer",
    "status": "posted",
    "source_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24",
    "destination_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f25",
    "amount_minor": 2_500,
    "currency": "USD",
    "description": "Lunch",
    "reference": "order-4711",
    "metadata": {},
    "reverses_transfer_id": null,
    "source_balance_after_minor": 7_500,
    "destination_balance_after_minor": 2_500,
    "created_at": "2026-11-20T13:02:11.123456Z",
    "version": 1,
}))]
pub(crate) struct TransferBody {
    /// Which one.
    id: Uuid,
    /// What sort of transfer it is, such as `transfer`, `deposit` or `reversal`.
    kind: &'static str,
    /// Always `posted`: what was not posted is not there.
    status: &'static str,
    /// The account that was lowered.
    source_account_id: Uuid,
    /// The account that was raised.
    destination_account_id: Uuid,
    /// By how much.
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
    /// The transfer that it takes back.
    reverses_transfer_id: Option<Uuid>,
    /// What was on the source right after it; `null` for a system account.
    #[schema(value_type = Option<schemas::AmountMinor>)]
    source_balance_after_minor: Option<i64>,
    /// What was on the destination right after it; `null` for a system account.
    #[schema(value_type = Option<schemas::AmountMinor>)]
    destination_balance_after_minor: Option<i64>,
    /// When it was posted.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    created_at: Timestamp,
    /// Always 1: it never changes.
    #[schema(value_type = schemas::VersionNumber)]
    version: i64,
}

impl From<&PostedTransfer> for TransferBody {
    fn from(posted: &PostedTransfer) -> Self {
        let view = TransferView::from(posted);
        Self {
            id: view.id,
            kind: view.kind,
            status: view.status,
            source_account_id: view.source_account_id,
            destination_account_id: view.destination_account_id,
            amount_minor: view.amount_minor,
            currency: view.currency,
            description: view.description.map(str::to_owned),
            reference: view.reference.map(str::to_owned),
            metadata: view.metadata.clone(),
            reverses_transfer_id: view.reverses_transfer_id,
            source_balance_after_minor: view.source_balance_after_minor,
            destination_balance_after_minor: view.destination_balance_after_minor,
            created_at: view.created_at,
            version: view.version,
        }
    }
}

/// 201 with a transfer that was just posted.
pub(crate) fn posted(transfer: &PostedTransfer) -> Answer {
    let location = location(transfer.order.id);
    Answer::created(&location, Version::FIRST, &TransferView::from(transfer))
}

fn location(id: TransferId) -> String {
    format!("/api/v1/transfers/{id}")
}
