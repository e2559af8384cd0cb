//! Redemptions on the wire.

use app::{vouchers::RedemptionView, wire};
use domain::vouchers::RedemptionFacts;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schemas;

/// One use of a voucher.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Redemption, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "voucher_id": "01936f8a-3333-7c3d-9a4f-2b6c8d0e1f23",
    "code": "GIFT-50",
    "campaign_id": "01936f8a-4444-7c3d-9a4f-2b6c8d0e1f23",
    "invoice_id": null,
    "account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f25",
    "transfer_id": "01936f8a-7777-7c3d-9a4f-2b6c8d0e1f25",
    "customer_id": null,
    "amount_minor": 5_000,
    "currency": "EUR",
    "redeemed_at": "2026-05-20T13:02:11.123456Z",
    "released_at": null,
    "version": 1,
}))]
pub(super) struct RedemptionBody {
    /// Which one.
    id: Uuid,
    /// Of which voucher.
    voucher_id: Uuid,
    /// Its code.
    #[schema(value_type = schemas::VoucherCodeText)]
    code: String,
    /// Of which campaign.
    campaign_id: Uuid,
    /// The invoice off which it took something.
    invoice_id: Option<Uuid>,
    /// The account to which it brought money.
    account_id: Option<Uuid>,
    /// The transfer by which it did.
    transfer_id: Option<Uuid>,
    /// The customer who redeemed it.
    customer_id: Option<Uuid>,
    /// How much.
    #[schema(value_type = schemas::TransferAmountMinor)]
    amount_minor: i64,
    /// In what.
    #[schema(value_type = schemas::CurrencyCode)]
    currency: &'static str,
    /// When.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    redeemed_at: Timestamp,
    /// When it was taken back, if it was.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    released_at: Option<Timestamp>,
    /// How often it changed.
    #[schema(value_type = schemas::VersionNumber)]
    version: i64,
}

impl From<&RedemptionFacts> for RedemptionBody {
    fn from(facts: &RedemptionFacts) -> Self {
        let view = RedemptionView::from(facts);
        Self {
            id: view.id,
            voucher_id: view.voucher_id,
            code: view.code,
            campaign_id: view.campaign_id,
            invoice_id: view.invoice_id,
            account_id: view.account_id,
            transfer_id: view.transfer_id,
            customer_id: view.customer_id,
            amount_minor: view.amount_minor,
            currency: view.currency,
            redeemed_at: view.redeemed_at,
            released_at: view.released_at,
            version: view.version,
        }
    }
}
