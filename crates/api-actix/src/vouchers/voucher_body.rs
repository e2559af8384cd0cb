//! Vouchers on the wire.

use std::collections::BTreeMap;

use app::{vouchers::VoucherView, wire};
use domain::vouchers::VoucherFacts;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{answer::Answer, schemas};

/// A voucher.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Voucher, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "code": "SUMMER-26",
    "campaign_id": "01936f8a-4444-7c3d-9a4f-2b6c8d0e1f23",
    "status": "enabled",
    "max_redemptions": null,
    "metadata": {"printed_on": "flyer"},
    "created_at": "2026-05-20T13:02:11.123456Z",
    "updated_at": "2026-05-20T13:02:11.123456Z",
    "version": 1,
}))]
pub(super) struct VoucherBody {
    /// Which one.
    id: Uuid,
    /// What is typed in to redeem it.
    #[schema(value_type = schemas::VoucherCodeText)]
    code: String,
    /// Of which campaign.
    campaign_id: Uuid,
    /// Whether it can be redeemed.
    #[schema(value_type = schemas::VoucherStatusName)]
    status: &'static str,
    /// How often, if not as often as its campaign says.
    #[schema(value_type = Option<schemas::CapNumber>)]
    max_redemptions: Option<i64>,
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

impl From<&VoucherFacts> for VoucherBody {
    fn from(facts: &VoucherFacts) -> Self {
        let view = VoucherView::from(facts);
        Self {
            id: view.id,
            code: view.code,
            campaign_id: view.campaign_id,
            status: view.status,
            max_redemptions: view.max_redemptions,
            metadata: view.metadata,
            created_at: view.created_at,
            updated_at: view.updated_at,
            version: view.version,
        }
    }
}

/// 200 with a voucher.
pub(super) fn shown(facts: &VoucherFacts) -> Answer {
    Answer::single(facts.version, &VoucherBody::from(facts))
}
