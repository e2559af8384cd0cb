//! The fields of an account in a request.

use utoipa::ToSchema;

use crate::schemas;

/// An account to be opened.
#[derive(ToSchema)]
#[schema(example = json!({
    "owner": "user-4711", "currency": "USD", "name": "Ada's wallet", "initial_balance_minor": 10_000,
}))]
#[expect(
    dead_code,
    reason = "the schema of the body, which `new_account` reads"
)]
pub(super) struct NewAccount {
    /// Whose it is, in your own system: a user's id, say.
    owner: schemas::AccountOwnerText,
    /// What it is in. That never changes.
    currency: schemas::CurrencyCode,
    /// What it is called; like its owner without it.
    name: Option<schemas::Name>,
    /// How far below zero it may go; not at all without it.
    overdraft_limit_minor: Option<schemas::OverdraftLimitMinor>,
    /// What it begins with; nothing without it. That comes from the system account `opening_balances`.
    initial_balance_minor: Option<schemas::InitialBalanceMinor>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
}

/// What is to be different. A field that is left out stays as it is.
#[derive(ToSchema)]
#[schema(as = AccountChanges, example = json!({"name": "Savings", "status": "frozen"}))]
#[expect(
    dead_code,
    reason = "the schema of the body, which `account_changes` reads"
)]
pub(super) struct ChangedAccount {
    /// What it is called.
    #[schema(required = false)]
    name: schemas::Name,
    /// How far below zero it may go.
    #[schema(required = false)]
    overdraft_limit_minor: schemas::OverdraftLimitMinor,
    /// Whether it takes part in transfers. Closing is final.
    #[schema(required = false)]
    status: schemas::AccountStatusName,
    /// Your own notes, all of them.
    #[schema(required = false)]
    metadata: schemas::Metadata,
}
