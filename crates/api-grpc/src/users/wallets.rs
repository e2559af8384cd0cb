//! The rpcs of users.

use api_shared::wallets::{named_users, new_user, user_changes};
use app::wallets::{CloseUser, RenameUser, ShownUser};
use domain::ids::UserId;

use super::shown::user;
use crate::{
    call::{Call, Denied, Reply},
    input::expecting,
    proto::{
        Word as _, stamp,
        v1::{
            AccountStatus, CreateUserRequest, CreateUserResponse, DeleteUserRequest,
            DeleteUserResponse, GetUserRequest, GetUserResponse, GetWalletRequest,
            GetWalletResponse, ListUsersRequest, ListUsersResponse, UpdateUserRequest,
            UpdateUserResponse,
        },
    },
};

pub(super) async fn create_user(
    call: Call<CreateUserRequest>,
) -> Result<Reply<CreateUserResponse>, Denied> {
    let command = call.read(|input| input.body(|it| new_user(it, call.acting())))?;
    let show = |shown: &ShownUser| CreateUserResponse {
        user: Some(user(shown)),
    };
    let handler = &call.api.wallets.register;
    call.execute(handler, command, show).await
}

pub(super) async fn get_user(call: Call<GetUserRequest>) -> Result<Reply<GetUserResponse>, Denied> {
    let id = call.read(|input| input.id("id", &call.message.id, UserId::from_uuid))?;
    let wallets = &call.api.wallets;
    let facts = wallets.known_user(call.organization_id(), id).await?;
    Ok(Reply::fresh(GetUserResponse {
        user: Some(user(&wallets.directory.show(&facts)?)),
    }))
}

pub(super) async fn list_users(
    call: Call<ListUsersRequest>,
) -> Result<Reply<ListUsersResponse>, Denied> {
    let (username, window) = call.read(|input| input.query(named_users))?;
    let wallets = &call.api.wallets;
    let listing = wallets
        .list_named(call.organization_id(), &username, window)
        .await?;
    Ok(Reply::fresh(ListUsersResponse {
        users: listing.rows.iter().map(user).collect(),
        next_cursor: call.next_cursor(listing.next),
    }))
}

pub(super) async fn update_user(
    call: Call<UpdateUserRequest>,
) -> Result<Reply<UpdateUserResponse>, Denied> {
    let (id, changes) = call.read(|input| {
        let id = input.id("id", &call.message.id, UserId::from_uuid);
        let changes = input.body(user_changes);
        Some((id?, changes?))
    })?;
    let command = RenameUser {
        caller: call.acting(),
        id,
        precondition: expecting(call.message.expected_version),
        name: changes.name,
    };
    let show = |shown: &ShownUser| UpdateUserResponse {
        user: Some(user(shown)),
    };
    let handler = &call.api.wallets.rename;
    call.execute(handler, command, show).await
}

pub(super) async fn delete_user(
    call: Call<DeleteUserRequest>,
) -> Result<Reply<DeleteUserResponse>, Denied> {
    let id = call.read(|input| input.id("id", &call.message.id, UserId::from_uuid))?;
    let command = CloseUser {
        caller: call.acting(),
        id,
        precondition: expecting(call.message.expected_version),
    };
    let show = |&(): &()| DeleteUserResponse {};
    let handler = &call.api.wallets.close;
    call.execute_always(handler, command, show).await
}

pub(super) async fn get_wallet(
    call: Call<GetWalletRequest>,
) -> Result<Reply<GetWalletResponse>, Denied> {
    let raw = &call.message.user_id;
    let id = call.read(|input| input.id("user_id", raw, UserId::from_uuid))?;
    let wallets = &call.api.wallets;
    let state = wallets.wallet(call.organization_id(), id).await?;
    Ok(Reply::fresh(GetWalletResponse {
        account_id: state.facts.id.to_string(),
        status: AccountStatus::number(state.facts.status.code()),
        currency: state.facts.currency.code().to_owned(),
        balance_minor: state.balance_minor,
        held_minor: state.held_minor,
        available_minor: state.available_minor(),
        as_of: Some(stamp(wallets.clock.now())),
    }))
}
