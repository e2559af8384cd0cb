//! Holds as they are shown.

use std::collections::BTreeMap;

use domain::ledger::{HoldFacts, HoldStatus};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::wire;

/// A hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HoldView {
    /// Which one.
    pub id: Uuid,
    /// On which account.
    pub account_id: Uuid,
    /// For which account.
    pub destination_account_id: Uuid,
    /// How much.
    pub amount_minor: i64,
    /// In what.
    pub currency: &'static str,
    /// What it is for.
    pub description: Option<String>,
    /// What it belongs to, in the client's own system.
    pub reference: Option<String>,
    /// The client's notes.
    pub metadata: BTreeMap<String, String>,
    /// Where it stands.
    pub status: &'static str,
    /// What of it was taken.
    pub captured_minor: Option<i64>,
    /// By which transfer.
    pub transfer_id: Option<Uuid>,
    /// When it was taken or let go.
    #[serde(with = "wire::optional_instant")]
    pub resolved_at: Option<Timestamp>,
    /// The payment that has reserved it, if one has.
    pub payment_id: Option<Uuid>,
    /// Until when it can be taken, unless a payment decides.
    #[serde(with = "wire::optional_instant")]
    pub expires_at: Option<Timestamp>,
    /// Since when.
    #[serde(with = "wire::instant")]
    pub created_at: Timestamp,
    /// When it last changed.
    #[serde(with = "wire::instant")]
    pub updated_at: Timestamp,
    /// How often it changed.
    pub version: i64,
}

impl From<&HoldFacts> for HoldView {
    fn from(facts: &HoldFacts) -> Self {
        let (captured, resolved_at) = match facts.status {
            HoldStatus::Pending => (None, None),
            HoldStatus::Captured {
                amount,
                transfer_id,
                at,
            } => (Some((amount, transfer_id)), Some(at)),
            HoldStatus::Voided { at } | HoldStatus::Expired { at } => (None, Some(at)),
        };
        let details = &facts.details;
        Self {
            id: facts.id.as_uuid(),
            account_id: facts.account_id.as_uuid(),
            destination_account_id: facts.destination_account_id.as_uuid(),
            amount_minor: facts.amount.as_minor(),
            currency: facts.currency.code(),
            description: details
                .description
                .as_ref()
                .map(|it| it.as_str().to_owned()),
            reference: details.reference.as_ref().map(|it| it.as_str().to_owned()),
            metadata: details.metadata.pairs().clone(),
            status: facts.status.code(),
            captured_minor: captured.map(|(amount, _)| amount.as_minor()),
            transfer_id: captured.map(|(_, id)| id.as_uuid()),
            resolved_at,
            payment_id: facts.term.payment_id().map(|id| id.as_uuid()),
            expires_at: facts.term.expires_at(),
            created_at: facts.created_at,
            updated_at: facts.updated_at,
            version: facts.version.as_i64(),
        }
    }
}
