//! Accounts as they are shown.

use std::collections::BTreeMap;

use domain::ledger::AccountFacts;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::wire;

/// An account, but for what is on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountView {
    /// Which one.
    pub id: Uuid,
    /// Whose it is, in the client's own system; `None` for a system account.
    pub owner: Option<String>,
    /// What it is for, if it is a system account.
    pub system: Option<String>,
    /// What it is called.
    pub name: String,
    /// What it is in.
    pub currency: &'static str,
    /// How far below zero it may go; `None` for a system account, which has no limit.
    pub overdraft_limit_minor: Option<i64>,
    /// Whether it takes part in transfers.
    pub status: &'static str,
    /// The client's notes.
    pub metadata: BTreeMap<String, String>,
    /// Since when.
    #[serde(with = "wire::instant")]
    pub created_at: Timestamp,
    /// When it last changed, but for what is on it.
    #[serde(with = "wire::instant")]
    pub updated_at: Timestamp,
    /// How often it changed, but for what is on it.
    pub version: i64,
}

impl From<&AccountFacts> for AccountView {
    fn from(facts: &AccountFacts) -> Self {
        Self {
            id: facts.id.as_uuid(),
            owner: facts.owner.as_ref().map(|owner| owner.as_str().to_owned()),
            system: facts.system.as_ref().map(ToString::to_string),
            name: facts.name.as_str().to_owned(),
            currency: facts.currency.code(),
            overdraft_limit_minor: facts.overdraft_limit.as_minor(),
            status: facts.status.code(),
            metadata: facts.metadata.pairs().clone(),
            created_at: facts.created_at,
            updated_at: facts.updated_at,
            version: facts.version.as_i64(),
        }
    }
}
