//! What a voucher would give, on the wire.

use api_shared::vouchers::Valid;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schemas;

/// What a voucher would give.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VoucherOffer, example = json!({
    "code": "SUMMER-26",
    "campaign_id": "01936f8a-4444-7c3d-9a4f-2b6c8d0e1f23",
    "kind": "discount",
    "amount_minor": 1_200,
    "currency": "EUR",
}))]
pub(super) struct OfferBody {
    /// Its code.
    #[schema(value_type = schemas::VoucherCodeText)]
    code: String,
    /// Of which campaign.
    campaign_id: Uuid,
    /// What it does.
    #[schema(value_type = schemas::VoucherKindName)]
    kind: &'static str,
    /// How much it would take off, or bring.
    #[schema(value_type = schemas::TransferAmountMinor)]
    amount_minor: i64,
    /// In what.
    #[schema(value_type = schemas::CurrencyCode)]
    currency: &'static str,
}

impl From<&Valid> for OfferBody {
    fn from(valid: &Valid) -> Self {
        Self {
            code: valid.voucher.code.as_str().to_owned(),
            campaign_id: valid.voucher.campaign_id.as_uuid(),
            kind: valid.kind.code(),
            amount_minor: valid.amount_minor,
            currency: valid.currency.code(),
        }
    }
}
