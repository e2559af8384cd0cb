//! The fields of a campaign in a request.

use utoipa::ToSchema;

use crate::schemas;

/// A campaign to be launched: it gives `percent_bps`, or `amount_minor` in a `currency`.
#[derive(ToSchema)]
#[schema(example = json!({
    "name": "Summer sale",
    "kind": "discount",
    "percent_bps": 1_000,
    "max_redemptions_per_code": 1,
}))]
#[expect(dead_code, reason = "the schema of what `new_campaign` reads")]
pub(super) struct NewCampaign {
    /// What it is called.
    name: schemas::Name,
    /// What its vouchers do: `discount` takes something off drafts, `gift` brings money to accounts.
    kind: schemas::VoucherKindName,
    /// The part of the total that comes off.
    percent_bps: Option<schemas::PercentOffBps>,
    /// The amount that comes off, or that a gift brings.
    amount_minor: Option<schemas::TransferAmountMinor>,
    /// What all amounts of the campaign are in.
    currency: Option<schemas::CurrencyCode>,
    /// The most that comes off at once.
    max_discount_minor: Option<schemas::TransferAmountMinor>,
    /// The least total.
    min_total_minor: Option<schemas::TransferAmountMinor>,
    /// From when on; since ever without it.
    valid_from: Option<schemas::Instant>,
    /// Up to when: at this very instant it is over. For ever without it.
    valid_until: Option<schemas::Instant>,
    /// How often, all codes together.
    max_redemptions: Option<schemas::CapNumber>,
    /// How often each code that has no limit of its own. A gift that says nothing of it can be redeemed once.
    max_redemptions_per_code: Option<schemas::CapNumber>,
    /// How often each customer.
    max_redemptions_per_customer: Option<schemas::CapNumber>,
    /// How much it gives in all.
    budget_minor: Option<schemas::TransferAmountMinor>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
}

/// What is to be different. A field that is left out stays as it is; `null` takes it away. What vouchers give was promised,
/// and does not change.
#[derive(ToSchema)]
#[schema(as = CampaignChanges, example = json!({"status": "paused"}))]
#[expect(dead_code, reason = "the schema of what `campaign_revision` reads")]
pub(super) struct ChangedCampaign {
    /// What it is called.
    #[schema(required = false)]
    name: schemas::Name,
    /// Whether it goes on. One that has `ended` does not change any more.
    #[schema(required = false)]
    status: schemas::CampaignStatusName,
    /// The most that comes off at once.
    max_discount_minor: Option<schemas::TransferAmountMinor>,
    /// The least total.
    min_total_minor: Option<schemas::TransferAmountMinor>,
    /// From when on.
    valid_from: Option<schemas::Instant>,
    /// Up to when.
    valid_until: Option<schemas::Instant>,
    /// How often, all codes together.
    max_redemptions: Option<schemas::CapNumber>,
    /// How often each code that has no limit of its own.
    max_redemptions_per_code: Option<schemas::CapNumber>,
    /// How often each customer.
    max_redemptions_per_customer: Option<schemas::CapNumber>,
    /// How much it gives in all.
    budget_minor: Option<schemas::TransferAmountMinor>,
    /// Your own notes, all of them.
    #[schema(required = false)]
    metadata: schemas::Metadata,
}
