//! Transfers as they are shown.

use std::collections::BTreeMap;

use domain::{
    ledger::{PostedTransfer, TransferDescription, TransferReference},
    version::Version,
};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::wire;

/// A transfer, in the form of the API and of events.
#[derive(Debug, Serialize)]
pub struct TransferView<'t> {
    /// Which one.
    pub id: Uuid,
    /// What sort of transfer it is.
    pub kind: &'static str,
    /// Always `posted`: what is not posted is not there.
    pub status: &'static str,
    /// What was lowered.
    pub source_account_id: Uuid,
    /// What was raised.
    pub destination_account_id: Uuid,
    /// By how much.
    pub amount_minor: i64,
    /// In what.
    pub currency: &'static str,
    /// What it is for.
    pub description: Option<&'t str>,
    /// What it belongs to, in the client's own system.
    pub reference: Option<&'t str>,
    /// The client's notes.
    pub metadata: &'t BTreeMap<String, String>,
    /// The transfer that it takes back.
    pub reverses_transfer_id: Option<Uuid>,
    /// What was on the source right after it; `None` for a system account.
    pub source_balance_after_minor: Option<i64>,
    /// What was on the destination right after it; `None` for a system account.
    pub destination_balance_after_minor: Option<i64>,
    /// When it was posted.
    #[serde(with = "wire::instant")]
    pub created_at: Timestamp,
    /// Always 1: it never changes.
    pub version: i64,
}

impl<'t> From<&'t PostedTransfer> for TransferView<'t> {
    fn from(PostedTransfer { order, posting }: &'t PostedTransfer) -> Self {
        let details = &order.details;
        Self {
            id: order.id.as_uuid(),
            kind: order.kind.code(),
            status: "posted",
            source_account_id: order.source.account_id.as_uuid(),
            destination_account_id: order.destination.account_id.as_uuid(),
            amount_minor: order.amount.as_minor(),
            currency: order.currency.code(),
            description: details
                .description
                .as_ref()
                .map(TransferDescription::as_str),
            reference: details.reference.as_ref().map(TransferReference::as_str),
            metadata: details.metadata.pairs(),
            reverses_transfer_id: details.reverses.map(|id| id.as_uuid()),
            source_balance_after_minor: posting.source.account_balance_after_minor(),
            destination_balance_after_minor: posting.destination.account_balance_after_minor(),
            created_at: posting.posted_at,
            version: Version::FIRST.as_i64(),
        }
    }
}
