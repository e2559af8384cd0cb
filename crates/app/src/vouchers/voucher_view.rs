//! Vouchers as they are shown.

use std::collections::BTreeMap;

use domain::vouchers::{Cap, VoucherFacts};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::wire;

/// A voucher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VoucherView {
    /// Which one.
    pub id: Uuid,
    /// What is typed in to redeem it.
    pub code: String,
    /// Of which campaign.
    pub campaign_id: Uuid,
    /// Whether it can be redeemed.
    pub status: &'static str,
    /// How often, if not as often as its campaign says.
    pub max_redemptions: Option<i64>,
    /// The client's own notes.
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

impl From<&VoucherFacts> for VoucherView {
    fn from(facts: &VoucherFacts) -> Self {
        Self {
            id: facts.id.as_uuid(),
            code: facts.code.as_str().to_owned(),
            campaign_id: facts.campaign_id.as_uuid(),
            status: facts.status.code(),
            max_redemptions: facts.terms.max_redemptions.map(Cap::get),
            metadata: facts.terms.metadata.pairs().clone(),
            created_at: facts.created_at,
            updated_at: facts.updated_at,
            version: facts.version.as_i64(),
        }
    }
}
