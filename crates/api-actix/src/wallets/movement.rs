//! How much of what is moved from or to a wallet.

use utoipa::ToSchema;

use crate::schemas;

/// Money that comes from outside or goes there.
#[derive(ToSchema)]
#[schema(example = json!({"amount_minor": 10_000, "reference": "till-7"}))]
#[expect(dead_code, reason = "the schema of what `new_wallet_movement` reads")]
pub(super) struct NewWalletMovement {
    /// How much.
    amount_minor: schemas::TransferAmountMinor,
    /// What the wallet is in. It is checked if it is given.
    currency: Option<schemas::CurrencyCode>,
    /// What it is for.
    description: Option<schemas::TransferDescriptionText>,
    /// What it belongs to, in your own system.
    reference: Option<schemas::TransferReferenceText>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
}
