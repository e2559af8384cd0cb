//! The fields of an account in a request.

use domain::{
    ledger::{
        AccountChange, AccountOpening, AccountOwner, AccountStatus, OverdraftLimit, TransferAmount,
    },
    values::{AMOUNT_MINOR_MAX, InvalidValue, Name},
};
use utoipa::ToSchema;

use crate::{
    input::{
        Fields,
        readers::{currency, integer, metadata, text},
    },
    schemas,
};

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

/// Reads a new account, and what it is to begin with.
pub(super) fn new_account(
    fields: &mut Fields<'_>,
) -> Option<(AccountOpening, Option<TransferAmount>)> {
    let owner = fields.required("owner", text(AccountOwner::parse));
    let currency = fields.required("currency", currency);
    let name = fields.optional("name", text(Name::parse));
    let overdraft_limit =
        fields.optional("overdraft_limit_minor", integer(OverdraftLimit::from_minor));
    let initial_balance = fields.optional("initial_balance_minor", integer(initial_balance));
    let metadata = fields.optional("metadata", metadata);
    let owner = owner?;
    // Both are one line of the same length.
    let name = name?.or_else(|| Name::parse(owner.as_str()).ok());
    let opening = AccountOpening {
        owner,
        name: name?,
        currency: currency?,
        overdraft_limit: overdraft_limit?.unwrap_or(OverdraftLimit::NONE),
        metadata: metadata?.unwrap_or_default(),
    };
    Some((opening, initial_balance?.flatten()))
}

/// Nothing is an amount here, though not one that is transferred.
fn initial_balance(minor: i64) -> Result<Option<TransferAmount>, InvalidValue> {
    if (0..=AMOUNT_MINOR_MAX).contains(&minor) {
        Ok(TransferAmount::from_minor(minor).ok())
    } else {
        Err(InvalidValue::OutOfRange {
            rule: "from 0 to 9007199254740991",
        })
    }
}

/// Reads what is to be different.
pub(super) fn account_changes(fields: &mut Fields<'_>) -> Option<AccountChange> {
    let name = fields.change("name", text(Name::parse));
    let overdraft_limit =
        fields.change("overdraft_limit_minor", integer(OverdraftLimit::from_minor));
    let status = fields.change("status", text(AccountStatus::parse));
    let metadata = fields.change("metadata", metadata);
    Some(AccountChange {
        name: name?,
        overdraft_limit: overdraft_limit?,
        status: status?,
        metadata: metadata?,
    })
}
