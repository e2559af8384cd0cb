//! How campaigns do, on the wire.

use app::ports::{CampaignStats, Given};
use domain::{values::Currency, vouchers::Cap};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schemas;

/// How a campaign does.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CampaignStats, example = json!({
    "campaign_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "issued": 1_000,
    "redeemed": 37,
    "released": 2,
    "values": [{"currency": "EUR", "redeemed": 37, "released": 2, "value_minor": 44_400}],
    "currency": "EUR",
    "budget_minor": 1_000_000,
    "budget_left_minor": 955_600,
    "max_redemptions": 10_000,
    "redemptions_left": 9_963,
}))]
pub(super) struct StatsBody {
    /// Of which campaign.
    campaign_id: Uuid,
    /// How many vouchers it has.
    #[schema(minimum = 0)]
    issued: i64,
    /// How many redemptions stand.
    #[schema(minimum = 0)]
    redeemed: i64,
    /// How many were taken back.
    #[schema(minimum = 0)]
    released: i64,
    /// What it has given, by currency. Empty as long as nothing was redeemed.
    values: Vec<ValueBody>,
    /// What its budget is in.
    #[schema(value_type = Option<schemas::CurrencyCode>)]
    currency: Option<&'static str>,
    /// How much it gives in all.
    #[schema(value_type = Option<schemas::TransferAmountMinor>)]
    budget_minor: Option<i64>,
    /// How much is left of that.
    #[schema(value_type = Option<schemas::HeldMinor>)]
    budget_left_minor: Option<i64>,
    /// How often its vouchers can be redeemed, all codes together.
    #[schema(value_type = Option<schemas::CapNumber>)]
    max_redemptions: Option<i64>,
    /// How many are left of that.
    #[schema(minimum = 0)]
    redemptions_left: Option<i64>,
}

/// What a campaign has given in a currency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CampaignValue)]
struct ValueBody {
    /// The currency.
    #[schema(value_type = schemas::CurrencyCode)]
    currency: &'static str,
    /// How many redemptions stand.
    #[schema(minimum = 0)]
    redeemed: i64,
    /// How many were taken back.
    #[schema(minimum = 0)]
    released: i64,
    /// How much those that stand have taken off, or brought.
    #[schema(minimum = 0)]
    value_minor: i64,
}

impl From<&Given> for ValueBody {
    fn from(given: &Given) -> Self {
        Self {
            currency: given.currency.code(),
            redeemed: given.redeemed,
            released: given.released,
            value_minor: given.value_minor,
        }
    }
}

impl From<&CampaignStats> for StatsBody {
    fn from(stats: &CampaignStats) -> Self {
        let terms = &stats.campaign.terms;
        Self {
            campaign_id: stats.campaign.id.as_uuid(),
            issued: stats.issued,
            redeemed: stats.redeemed(),
            released: stats.released(),
            values: stats.given.iter().map(ValueBody::from).collect(),
            currency: terms.currency.map(Currency::code),
            budget_minor: terms.limits.budget.map(Cap::get),
            budget_left_minor: stats.budget_left_minor(),
            max_redemptions: terms.limits.redemptions.map(Cap::get),
            redemptions_left: stats.redemptions_left(),
        }
    }
}
