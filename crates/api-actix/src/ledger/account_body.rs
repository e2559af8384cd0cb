//! Accounts on the wire.

use std::collections::BTreeMap;

use app::{
    ledger::{AccountState, AccountView},
    wire,
};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::schemas;

/// An account, and what is on it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Account, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "owner": "user-4711",
    "system": null,
    "name": "Ada's wallet",
    "currency": "USD",
    "overdraft_limit_minor": 0,
    "status": "active",
    "balance_minor": 10_000,
    "held_minor": 2_500,
    "available_minor": 7_500,
    "metadata": {"segment": "b2b"},
    "created_at": "2026-11-20T13:02:11.123456Z",
    "updated_at": "2026-11-20T13:02:11.123456Z",
    "version": 1,
}))]
pub(super) struct AccountBody {
    /// Which one.
    id: Uuid,
    /// Whose it is, in your own system; `null` for a system account.
    #[schema(value_type = Option<schemas::AccountOwnerText>)]
    owner: Option<String>,
    /// What it is for, if it is a system account: one that the organization has without asking for it.
    #[schema(value_type = Option<schemas::SystemAccountName>)]
    system: Option<String>,
    /// What it is called.
    #[schema(value_type = schemas::Name)]
    name: String,
    /// What it is in.
    #[schema(value_type = schemas::CurrencyCode)]
    currency: &'static str,
    /// How far below zero it may go; `null` for a system account, which has no limit.
    #[schema(value_type = Option<schemas::OverdraftLimitMinor>)]
    overdraft_limit_minor: Option<i64>,
    /// Whether it takes part in transfers.
    #[schema(value_type = schemas::AccountStatusName)]
    status: &'static str,
    /// What is on it.
    #[schema(value_type = schemas::BalanceMinor)]
    balance_minor: i64,
    /// What of that is held.
    #[schema(value_type = schemas::HeldMinor)]
    held_minor: i64,
    /// What a transfer could take from it: the balance and the overdraft limit, without what is held; `null` for a system
    /// account, which has no limit.
    #[schema(value_type = Option<schemas::AmountMinor>)]
    available_minor: Option<i64>,
    /// Your own notes.
    #[schema(value_type = schemas::Metadata)]
    metadata: BTreeMap<String, String>,
    /// Since when it is there.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    created_at: Timestamp,
    /// When it last changed, but for what is on it.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    updated_at: Timestamp,
    /// How often it changed, but for what is on it.
    #[schema(value_type = schemas::VersionNumber)]
    version: i64,
}

impl From<&AccountState> for AccountBody {
    fn from(state: &AccountState) -> Self {
        let view = AccountView::from(&state.facts);
        Self {
            id: view.id,
            owner: view.owner,
            system: view.system,
            name: view.name,
            currency: view.currency,
            overdraft_limit_minor: view.overdraft_limit_minor,
            status: view.status,
            balance_minor: state.balance_minor,
            held_minor: state.held_minor,
            available_minor: state.available_minor(),
            metadata: view.metadata,
            created_at: view.created_at,
            updated_at: view.updated_at,
            version: view.version,
        }
    }
}
