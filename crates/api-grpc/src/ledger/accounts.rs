//! The rpcs of accounts.

use api_shared::{
    input::readers::parse_instant,
    ledger::{account_changes, account_filter, new_account},
};
use app::ledger::{AccountState, ChangeAccount, OpenAccount};
use domain::ids::AccountId;

use super::shown::account;
use crate::{
    call::{Call, Denied, Reply},
    input::expecting,
    proto::{
        stamp,
        v1::{
            GetAccountBalanceRequest, GetAccountBalanceResponse, GetAccountRequest,
            GetAccountResponse, ListAccountsRequest, ListAccountsResponse, OpenAccountRequest,
            OpenAccountResponse, UpdateAccountRequest, UpdateAccountResponse,
        },
    },
};

pub(super) async fn open_account(
    call: Call<OpenAccountRequest>,
) -> Result<Reply<OpenAccountResponse>, Denied> {
    let (opening, initial_balance) = call.read(|input| input.body(new_account))?;
    if initial_balance.is_some() {
        call.needs_key()?;
    }
    let command = OpenAccount {
        caller: call.acting(),
        opening,
        initial_balance,
    };
    let show = |state: &AccountState| OpenAccountResponse {
        account: Some(account(state)),
    };
    let handler = &call.api.ledger.open_account;
    call.execute(handler, command, show).await
}

pub(super) async fn get_account(
    call: Call<GetAccountRequest>,
) -> Result<Reply<GetAccountResponse>, Denied> {
    let id = call.read(|input| input.id("id", &call.message.id, AccountId::from_uuid))?;
    let state = call.api.ledger.account(call.organization_id(), id).await?;
    Ok(Reply::fresh(GetAccountResponse {
        account: Some(account(&state)),
    }))
}

pub(super) async fn list_accounts(
    call: Call<ListAccountsRequest>,
) -> Result<Reply<ListAccountsResponse>, Denied> {
    let (filter, window) = call.read(|input| {
        input.query(|query| {
            let filter = account_filter(query);
            let window = query.window();
            Some((filter?, window?))
        })
    })?;
    let queries = &call.api.ledger.accounts;
    let listing = queries
        .list(call.organization_id(), &filter, window)
        .await?;
    Ok(Reply::fresh(ListAccountsResponse {
        accounts: listing.rows.iter().map(account).collect(),
        next_cursor: call.next_cursor(listing.next),
    }))
}

pub(super) async fn update_account(
    call: Call<UpdateAccountRequest>,
) -> Result<Reply<UpdateAccountResponse>, Denied> {
    let (id, change) = call.read(|input| {
        let id = input.id("id", &call.message.id, AccountId::from_uuid);
        let change = input.body(account_changes);
        Some((id?, change?))
    })?;
    let command = ChangeAccount {
        caller: call.acting(),
        id,
        precondition: expecting(call.message.expected_version),
        change,
    };
    let show = |state: &AccountState| UpdateAccountResponse {
        account: Some(account(state)),
    };
    let handler = &call.api.ledger.change_account;
    call.execute(handler, command, show).await
}

pub(super) async fn get_account_balance(
    call: Call<GetAccountBalanceRequest>,
) -> Result<Reply<GetAccountBalanceResponse>, Denied> {
    let (id, at) = call.read(|input| {
        let id = input.id("id", &call.message.id, AccountId::from_uuid);
        let at = input.query(|query| query.parameter("at", parse_instant));
        Some((id?, at?))
    })?;
    let ledger = &call.api.ledger;
    let balance = ledger.balance(call.organization_id(), id, at).await?;
    Ok(Reply::fresh(GetAccountBalanceResponse {
        account_id: balance.account_id.to_string(),
        currency: balance.currency.code().to_owned(),
        balance_minor: balance.balance_minor,
        held_minor: balance.held_minor,
        available_minor: balance.available_minor,
        as_of: Some(stamp(balance.as_of)),
    }))
}
