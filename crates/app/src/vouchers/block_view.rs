//! Blocks as they are shown.

use std::collections::BTreeMap;

use domain::vouchers::{BlockFacts, Holder};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::wire;

/// Somebody who may not redeem vouchers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlockView {
    /// Which block.
    pub id: Uuid,
    /// The customer who is blocked.
    pub customer_id: Option<String>,
    /// The address that is blocked, in lower case.
    pub email: Option<String>,
    /// The client's own notes.
    pub metadata: BTreeMap<String, String>,
    /// Since when.
    #[serde(with = "wire::instant")]
    pub created_at: Timestamp,
    /// How often it changed.
    pub version: i64,
}

impl From<&BlockFacts> for BlockView {
    fn from(facts: &BlockFacts) -> Self {
        let named = |kind: &str| facts.name.strip_prefix(kind).map(str::to_owned);
        Self {
            id: facts.id.as_uuid(),
            customer_id: named(Holder::CUSTOMER),
            email: named(Holder::EMAIL),
            metadata: facts.metadata.pairs().clone(),
            created_at: facts.created_at,
            version: facts.version.as_i64(),
        }
    }
}
