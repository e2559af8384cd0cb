//! The fields of an account in a request.

use domain::{
    ledger::{
        AccountChange, AccountOpening, AccountOwner, AccountStatus, OverdraftLimit, TransferAmount,
    },
    values::{AMOUNT_MINOR_MAX, InvalidValue, Name},
};

use crate::input::{
    Fields,
    readers::{currency, integer, metadata, text},
};

/// Reads a new account, and what it is to begin with.
pub fn new_account(fields: &mut Fields<'_>) -> Option<(AccountOpening, Option<TransferAmount>)> {
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
pub fn account_changes(fields: &mut Fields<'_>) -> Option<AccountChange> {
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
