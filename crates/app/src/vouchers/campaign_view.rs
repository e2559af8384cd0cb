//! Campaigns as they are shown.

use std::collections::BTreeMap;

use domain::{
    values::Currency,
    vouchers::{Benefit, CampaignFacts, Cap},
};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::wire;

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CampaignView {
    /// Which one.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// What its vouchers do.
    pub kind: &'static str,
    /// Whether it goes on.
    pub status: &'static str,
    /// The part of the total that comes off, in basis points.
    pub percent_bps: Option<u16>,
    /// The amount that comes off, or that a gift brings.
    pub amount_minor: Option<i64>,
    /// What its amounts are in.
    pub currency: Option<&'static str>,
    /// The most that comes off at once.
    pub max_discount_minor: Option<i64>,
    /// The least total.
    pub min_total_minor: Option<i64>,
    /// From when on.
    #[serde(with = "wire::optional_instant")]
    pub valid_from: Option<Timestamp>,
    /// Up to when.
    #[serde(with = "wire::optional_instant")]
    pub valid_until: Option<Timestamp>,
    /// How often, all codes together.
    pub max_redemptions: Option<i64>,
    /// How often each code.
    pub max_redemptions_per_code: Option<i64>,
    /// How often each customer.
    pub max_redemptions_per_customer: Option<i64>,
    /// How much it gives in all.
    pub budget_minor: Option<i64>,
    /// The client's notes.
    pub metadata: BTreeMap<String, String>,
    /// Since when.
    #[serde(with = "wire::instant")]
    pub created_at: Timestamp,
    /// When it last changed.
    #[serde(with = "wire::instant")]
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: i64,
}

impl From<&CampaignFacts> for CampaignView {
    fn from(facts: &CampaignFacts) -> Self {
        let (terms, limits) = (&facts.terms, facts.terms.limits);
        let number = |cap: Option<Cap>| cap.map(Cap::get);
        let (percent_bps, amount_minor) = match terms.benefit {
            Benefit::Percent(percent) => (Some(percent.as_bps()), None),
            Benefit::Amount(amount, _) => (None, Some(amount.as_minor())),
        };
        Self {
            id: facts.id.as_uuid(),
            name: terms.name.as_str().to_owned(),
            kind: terms.kind.code(),
            status: facts.status.code(),
            percent_bps,
            amount_minor,
            currency: terms.currency.map(Currency::code),
            max_discount_minor: number(terms.max_discount),
            min_total_minor: number(terms.min_total),
            valid_from: terms.valid_from,
            valid_until: terms.valid_until,
            max_redemptions: number(limits.redemptions),
            max_redemptions_per_code: number(limits.per_code),
            max_redemptions_per_customer: number(limits.per_customer),
            budget_minor: number(limits.budget),
            metadata: terms.metadata.pairs().clone(),
            created_at: facts.created_at,
            updated_at: facts.updated_at,
            version: facts.version.as_i64(),
        }
    }
}
