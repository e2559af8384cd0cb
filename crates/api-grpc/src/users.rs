//! `tallystick.v1.UserService`

mod documents;
mod money;
mod shown;
mod wallets;

use std::sync::Arc;

use domain::platform::{Access, Resource, Scope};

use crate::{
    api::GrpcApi,
    ledger::WRITE_TRANSFERS,
    proto::v1::{
        CreateUserRequest, CreateUserResponse, CreateWalletDepositRequest,
        CreateWalletDepositResponse, CreateWalletTransferRequest, CreateWalletTransferResponse,
        CreateWalletWithdrawalRequest, CreateWalletWithdrawalResponse, DeleteUserRequest,
        DeleteUserResponse, GetUserRequest, GetUserResponse, GetWalletRequest, GetWalletResponse,
        ListUsersRequest, ListUsersResponse, UpdateUserRequest, UpdateUserResponse,
        user_service_server::UserService,
    },
};

const READ_USERS: Scope = Scope::Of(Resource::Users, Access::Read);
const WRITE_USERS: Scope = Scope::Of(Resource::Users, Access::Write);

/// Users and their wallets.
pub(crate) struct Users(pub(crate) Arc<GrpcApi>);

crate::services::rpcs! {UserService for Users {
    create_user(CreateUserRequest) -> CreateUserResponse, WRITE_USERS, wallets::create_user;
    get_user(GetUserRequest) -> GetUserResponse, READ_USERS, wallets::get_user;
    list_users(ListUsersRequest) -> ListUsersResponse, READ_USERS, wallets::list_users;
    update_user(UpdateUserRequest) -> UpdateUserResponse, WRITE_USERS, wallets::update_user;
    delete_user(DeleteUserRequest) -> DeleteUserResponse, WRITE_USERS, wallets::delete_user;
    get_wallet(GetWalletRequest) -> GetWalletResponse, READ_USERS, wallets::get_wallet;
    create_wallet_deposit(CreateWalletDepositRequest) -> CreateWalletDepositResponse, WRITE_TRANSFERS, money::deposit;
    create_wallet_withdrawal(CreateWalletWithdrawalRequest) -> CreateWalletWithdrawalResponse, WRITE_TRANSFERS, money::withdraw;
    create_wallet_transfer(CreateWalletTransferRequest) -> CreateWalletTransferResponse, WRITE_TRANSFERS, money::pay;
}}
