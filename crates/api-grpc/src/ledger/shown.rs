//! Accounts, transfers and holds as messages.

use app::ledger::{AccountState, AccountView, HoldView, TransferView};
use domain::ledger::{HoldFacts, PostedTransfer};

use crate::proto::{
    Word as _, stamp,
    v1::{Account, AccountStatus, Hold, HoldStatus, Transfer, TransferKind},
};

/// An account, and what is on it.
pub(super) fn account(state: &AccountState) -> Account {
    let view = AccountView::from(&state.facts);
    Account {
        id: view.id.to_string(),
        owner: view.owner,
        system: view.system,
        name: view.name,
        currency: view.currency.to_owned(),
        overdraft_limit_minor: view.overdraft_limit_minor,
        status: AccountStatus::number(view.status),
        balance_minor: state.balance_minor,
        held_minor: state.held_minor,
        available_minor: state.available_minor(),
        metadata: view.metadata,
        created_at: Some(stamp(view.created_at)),
        updated_at: Some(stamp(view.updated_at)),
        version: view.version,
    }
}

/// A transfer.
pub(crate) fn transfer(posted: &PostedTransfer) -> Transfer {
    let view = TransferView::from(posted);
    Transfer {
        id: view.id.to_string(),
        kind: TransferKind::number(view.kind),
        source_account_id: view.source_account_id.to_string(),
        destination_account_id: view.destination_account_id.to_string(),
        amount_minor: view.amount_minor,
        currency: view.currency.to_owned(),
        description: view.description.map(str::to_owned),
        reference: view.reference.map(str::to_owned),
        metadata: view.metadata.clone(),
        reverses_transfer_id: view.reverses_transfer_id.map(|id| id.to_string()),
        source_balance_after_minor: view.source_balance_after_minor,
        destination_balance_after_minor: view.destination_balance_after_minor,
        created_at: Some(stamp(view.created_at)),
        version: view.version,
    }
}

/// A hold.
pub(super) fn hold(facts: &HoldFacts) -> Hold {
    let view = HoldView::from(facts);
    Hold {
        id: view.id.to_string(),
        account_id: view.account_id.to_string(),
        destination_account_id: view.destination_account_id.to_string(),
        amount_minor: view.amount_minor,
        currency: view.currency.to_owned(),
        description: view.description,
        reference: view.reference,
        metadata: view.metadata,
        status: HoldStatus::number(view.status),
        captured_minor: view.captured_minor,
        transfer_id: view.transfer_id.map(|id| id.to_string()),
        resolved_at: view.resolved_at.map(stamp),
        payment_id: view.payment_id.map(|id| id.to_string()),
        expires_at: view.expires_at.map(stamp),
        created_at: Some(stamp(view.created_at)),
        updated_at: Some(stamp(view.updated_at)),
        version: view.version,
    }
}
