//! The fields of a hold in a request.

use utoipa::ToSchema;
use uuid::Uuid;

use crate::schemas;

/// Money to be reserved.
#[derive(ToSchema)]
#[schema(example = json!({
    "account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24",
    "destination_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f25",
    "amount_minor": 2_500,
    "currency": "USD",
    "expires_in_seconds": 3_600,
}))]
#[expect(dead_code, reason = "the schema of what `new_hold` reads")]
pub(super) struct NewHold {
    /// The account on which it is to be reserved.
    account_id: Uuid,
    /// The account for which it is to be reserved.
    destination_account_id: Uuid,
    /// How much.
    amount_minor: schemas::TransferAmountMinor,
    /// What both accounts are in.
    currency: schemas::CurrencyCode,
    /// What it is for.
    description: Option<schemas::TransferDescriptionText>,
    /// What it belongs to, in your own system.
    reference: Option<schemas::TransferReferenceText>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
    /// After how many seconds it is let go unless it was taken; 7 days if it is left out.
    #[schema(minimum = 1, maximum = 31_622_400, default = 604_800)]
    expires_in_seconds: Option<i64>,
}

/// What is to be taken of a hold.
#[derive(ToSchema)]
#[schema(example = json!({"amount_minor": 2_000}))]
#[expect(dead_code, reason = "the schema of what `captured_amount` reads")]
pub(super) struct HoldCapture {
    /// How much: at most what is held, all of it if it is left out. The rest is let go.
    amount_minor: Option<schemas::TransferAmountMinor>,
}
