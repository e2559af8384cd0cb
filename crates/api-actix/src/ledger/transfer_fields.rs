//! The fields of a transfer in a request.

use api_shared::ledger::single;
use app::ledger::Verdict;
use utoipa::ToSchema;
use uuid::Uuid;

use super::transfer_body::posted;
use crate::{answer::Answer, problem::Problem, schemas};

/// A transfer to be posted.
#[derive(ToSchema)]
#[schema(example = json!({
    "source_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24",
    "destination_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f25",
    "amount_minor": 2_500,
    "currency": "USD",
    "description": "Lunch",
}))]
#[expect(dead_code, reason = "the schema of what `new_transfer` reads")]
pub(super) struct NewTransfer {
    /// The account to be lowered.
    source_account_id: Uuid,
    /// The account to be raised.
    destination_account_id: Uuid,
    /// By how much.
    amount_minor: schemas::TransferAmountMinor,
    /// What both accounts are in.
    currency: schemas::CurrencyCode,
    /// What it is for.
    description: Option<schemas::TransferDescriptionText>,
    /// What it belongs to, in your own system.
    reference: Option<schemas::TransferReferenceText>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
}

/// Money that comes from outside or goes there.
#[derive(ToSchema)]
#[schema(example = json!({"amount_minor": 10_000, "currency": "USD", "reference": "till-7"}))]
#[expect(dead_code, reason = "the schema of what `new_movement` reads")]
pub(crate) struct NewMovement {
    /// How much.
    amount_minor: schemas::TransferAmountMinor,
    /// What the account is in.
    currency: schemas::CurrencyCode,
    /// What it is for.
    description: Option<schemas::TransferDescriptionText>,
    /// What it belongs to, in your own system.
    reference: Option<schemas::TransferReferenceText>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
}

/// Shows what became of a single transfer.
pub(crate) fn show_single(verdict: &Verdict) -> Result<Answer, Problem> {
    Ok(posted(single(verdict)?))
}

crate::openapi::refusals!(
    Rejections: ACCOUNT_NOT_FOUND, SAME_ACCOUNT, CURRENCY_MISMATCH, INSUFFICIENT_FUNDS, ACCOUNT_FROZEN, ACCOUNT_CLOSED,
    AMOUNT_OUT_OF_RANGE, IDEMPOTENCY_KEY_REQUIRED, OVERLOADED
);
