//! Blocks on the wire.

use std::collections::BTreeMap;

use app::{vouchers::BlockView, wire};
use domain::vouchers::BlockFacts;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schemas;

/// Somebody who may not redeem vouchers: a customer, or an address.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VoucherBlock, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "customer_id": null,
    "email": "ada@example.com",
    "metadata": {"reason": "chargebacks"},
    "created_at": "2026-05-20T13:02:11.123456Z",
    "version": 1,
}))]
pub(super) struct BlockBody {
    /// Which block.
    id: Uuid,
    /// The customer who is blocked.
    #[schema(value_type = Option<Uuid>)]
    customer_id: Option<String>,
    /// The address that is blocked, in lower case.
    #[schema(value_type = Option<schemas::EmailAddress>)]
    email: Option<String>,
    /// Your own notes.
    #[schema(value_type = schemas::Metadata)]
    metadata: BTreeMap<String, String>,
    /// Since when.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    created_at: Timestamp,
    /// How often it changed.
    #[schema(value_type = schemas::VersionNumber)]
    version: i64,
}

impl From<&BlockFacts> for BlockBody {
    fn from(facts: &BlockFacts) -> Self {
        let view = BlockView::from(facts);
        Self {
            id: view.id,
            customer_id: view.customer_id,
            email: view.email,
            metadata: view.metadata,
            created_at: view.created_at,
            version: view.version,
        }
    }
}
