//! Which accounts and transfers a list is to have.

use app::ports::{AccountFilter, TransferFilter};
use domain::{
    ids::AccountId,
    ledger::{AccountOwner, AccountStatus, TransferKind, TransferReference},
    values::Currency,
};

use crate::input::{Query, parse_id, readers::parse_instant};

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
