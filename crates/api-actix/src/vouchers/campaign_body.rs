//! Campaigns on the wire.

use std::collections::BTreeMap;

use app::{vouchers::CampaignView, wire};
use domain::vouchers::CampaignFacts;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schemas;

/// A campaign: what its vouchers give, and how often.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Campaign, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "name": "Summer sale",
    "kind": "discount",
    "status": "active",
    "percent_bps": 1_000,
    "amount_minor": null,
    "currency": "EUR",
    "max_discount_minor": 5_000,
    "min_total_minor": 2_000,
    "valid_from": "2026-06-01T00:00:00.000000Z",
    "valid_until": "2026-09-01T00:00:00.000000Z",
    "max_redemptions": 10_000,
    "max_redemptions_per_code": 1,
    "max_redemptions_per_customer": 1,
    "budget_minor": 1_000_000,
    "metadata": {},
    "created_at": "2026-05-20T13:02:11.123456Z",
    "updated_at": "2026-05-20T13:02:11.123456Z",
    "version": 1,
}))]
pub(super) struct CampaignBody {
    /// Which one.
    id: Uuid,
    /// What it is called.
    #[schema(value_type = schemas::Name)]
    name: String,
    /// What its vouchers do.
    #[schema(value_type = schemas::VoucherKindName)]
    kind: &'static str,
    /// Whether it goes on.
    #[schema(value_type = schemas::CampaignStatusName)]
    status: &'static str,
    /// The part of the total that comes off.
    #[schema(value_type = Option<schemas::PercentOffBps>)]
    percent_bps: Option<u16>,
    /// The amount that comes off, or that a gift brings.
    #[schema(value_type = Option<schemas::TransferAmountMinor>)]
    amount_minor: Option<i64>,
    /// What its amounts are in. Without one it goes with every currency.
    #[schema(value_type = Option<schemas::CurrencyCode>)]
    currency: Option<&'static str>,
    /// The most that comes off at once.
    #[schema(value_type = Option<schemas::TransferAmountMinor>)]
    max_discount_minor: Option<i64>,
    /// The least total.
    #[schema(value_type = Option<schemas::TransferAmountMinor>)]
    min_total_minor: Option<i64>,
    /// From when on; since ever without it.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    valid_from: Option<Timestamp>,
    /// Up to when: at this very instant it is over. For ever without it.
    #[serde(with = "wire::optional_instant")]
    #[schema(value_type = Option<schemas::Instant>)]
    valid_until: Option<Timestamp>,
    /// How often, all codes together.
    #[schema(value_type = Option<schemas::CapNumber>)]
    max_redemptions: Option<i64>,
    /// How often each code that has no limit of its own.
    #[schema(value_type = Option<schemas::CapNumber>)]
    max_redemptions_per_code: Option<i64>,
    /// How often each customer.
    #[schema(value_type = Option<schemas::CapNumber>)]
    max_redemptions_per_customer: Option<i64>,
    /// How much it gives in all.
    #[schema(value_type = Option<schemas::TransferAmountMinor>)]
    budget_minor: Option<i64>,
    /// Your own notes.
    #[schema(value_type = schemas::Metadata)]
    metadata: BTreeMap<String, String>,
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

impl From<&CampaignFacts> for CampaignBody {
    fn from(facts: &CampaignFacts) -> Self {
        let view = CampaignView::from(facts);
        Self {
            id: view.id,
            name: view.name,
            kind: view.kind,
            status: view.status,
            percent_bps: view.percent_bps,
            amount_minor: view.amount_minor,
            currency: view.currency,
            max_discount_minor: view.max_discount_minor,
            min_total_minor: view.min_total_minor,
            valid_from: view.valid_from,
            valid_until: view.valid_until,
            max_redemptions: view.max_redemptions,
            max_redemptions_per_code: view.max_redemptions_per_code,
            max_redemptions_per_customer: view.max_redemptions_per_customer,
            budget_minor: view.budget_minor,
            metadata: view.metadata,
            created_at: view.created_at,
            updated_at: view.updated_at,
            version: view.version,
        }
    }
}
