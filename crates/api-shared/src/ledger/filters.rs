//! Which accounts, entries, transfers and holds a list is to have.

use app::{
    paging::Limit,
    ports::{AccountFilter, EntryDirection, EntryFilter, HoldFilter, TransferFilter},
};
use domain::{
    ids::AccountId,
    ledger::{AccountOwner, AccountStatus, HoldState, TransferKind, TransferReference},
    values::Currency,
};

use crate::input::{Query, parse_id, readers::parse_instant, rows, whole};

/// Reads which accounts.
pub fn account_filter(query: &mut Query<'_>) -> Option<AccountFilter> {
    let owner = query.parameter("owner", AccountOwner::parse);
    let currency = query.parameter("currency", Currency::parse);
    let status = query.parameter("status", AccountStatus::parse);
    Some(AccountFilter {
        owner: owner?,
        currency: currency?,
        status: status?,
    })
}

/// Reads which transfers.
pub fn transfer_filter(query: &mut Query<'_>) -> Option<TransferFilter> {
    let account_id = query.parameter("account_id", parse_id(AccountId::from_uuid));
    let reference = query.parameter("reference", TransferReference::parse);
    let kind = query.parameter("kind", TransferKind::parse);
    let from = query.parameter("from", parse_instant);
    let to = query.parameter("to", parse_instant);
    Some(TransferFilter {
        account_id: account_id?,
        reference: reference?,
        kind: kind?,
        from: from?,
        to: to?,
    })
}

/// Reads which entries of an account.
pub fn entry_filter(query: &mut Query<'_>) -> Option<EntryFilter> {
    let from = query.parameter("from", parse_instant);
    let to = query.parameter("to", parse_instant);
    let kind = query.parameter("kind", TransferKind::parse);
    let direction = query.parameter("direction", EntryDirection::parse);
    Some(EntryFilter {
        from: from?,
        to: to?,
        kind: kind?,
        direction: direction?,
    })
}

/// Reads which holds.
pub fn hold_filter(query: &mut Query<'_>) -> Option<HoldFilter> {
    let account_id = query.parameter("account_id", parse_id(AccountId::from_uuid));
    let state = query.parameter("status", HoldState::parse);
    Some(HoldFilter {
        account_id: account_id?,
        state: state?,
    })
}

/// Reads which piece of the trial balance: behind which account, and how many accounts.
pub fn trial_balance_piece(query: &mut Query<'_>) -> Option<(Option<AccountId>, Limit)> {
    let after = query.parameter("after", parse_id(AccountId::from_uuid));
    let limit = query.parameter("limit", whole(rows));
    Some((after?, limit?.unwrap_or_default()))
}
