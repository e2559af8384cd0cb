//! `tallystick.v1.LedgerService`

mod accounts;
mod batch;
mod books;
mod documents;
mod holds;
mod shown;
mod transfers;

use std::sync::Arc;

use domain::platform::{Access, Resource, Scope};

pub(crate) use self::{documents::details, transfers::posted};
use crate::{
    api::GrpcApi,
    proto::v1::{
        CaptureHoldRequest, CaptureHoldResponse, CreateDepositRequest, CreateDepositResponse,
        CreateTransferBatchRequest, CreateTransferBatchResponse, CreateTransferRequest,
        CreateTransferResponse, CreateWithdrawalRequest, CreateWithdrawalResponse,
        GetAccountBalanceRequest, GetAccountBalanceResponse, GetAccountRequest, GetAccountResponse,
        GetHoldRequest, GetHoldResponse, GetLedgerInvariantsRequest, GetLedgerInvariantsResponse,
        GetTransferRequest, GetTransferResponse, GetTrialBalanceRequest, GetTrialBalanceResponse,
        ListAccountTransactionsRequest, ListAccountTransactionsResponse, ListAccountsRequest,
        ListAccountsResponse, ListHoldsRequest, ListHoldsResponse, ListTransfersRequest,
        ListTransfersResponse, OpenAccountRequest, OpenAccountResponse, PlaceHoldRequest,
        PlaceHoldResponse, ReverseTransferRequest, ReverseTransferResponse, UpdateAccountRequest,
        UpdateAccountResponse, VoidHoldRequest, VoidHoldResponse,
        ledger_service_server::LedgerService,
    },
};

const READ_ACCOUNTS: Scope = Scope::Of(Resource::Accounts, Access::Read);
const WRITE_ACCOUNTS: Scope = Scope::Of(Resource::Accounts, Access::Write);
const READ_TRANSFERS: Scope = Scope::Of(Resource::Transfers, Access::Read);
pub(crate) const WRITE_TRANSFERS: Scope = Scope::Of(Resource::Transfers, Access::Write);

/// Accounts and transfers.
pub(crate) struct Ledger(pub(crate) Arc<GrpcApi>);

crate::services::rpcs! {LedgerService for Ledger {
    open_account(OpenAccountRequest) -> OpenAccountResponse, WRITE_ACCOUNTS, accounts::open_account;
    get_account(GetAccountRequest) -> GetAccountResponse, READ_ACCOUNTS, accounts::get_account;
    list_accounts(ListAccountsRequest) -> ListAccountsResponse, READ_ACCOUNTS, accounts::list_accounts;
    update_account(UpdateAccountRequest) -> UpdateAccountResponse, WRITE_ACCOUNTS, accounts::update_account;
    get_account_balance(GetAccountBalanceRequest) -> GetAccountBalanceResponse, READ_ACCOUNTS, accounts::get_account_balance;
    list_account_transactions(ListAccountTransactionsRequest) -> ListAccountTransactionsResponse, READ_ACCOUNTS, books::list_account_transactions;
    create_transfer(CreateTransferRequest) -> CreateTransferResponse, WRITE_TRANSFERS, transfers::create_transfer;
    create_transfer_batch(CreateTransferBatchRequest) -> CreateTransferBatchResponse, WRITE_TRANSFERS, batch::create_transfer_batch;
    create_deposit(CreateDepositRequest) -> CreateDepositResponse, WRITE_TRANSFERS, transfers::create_deposit;
    create_withdrawal(CreateWithdrawalRequest) -> CreateWithdrawalResponse, WRITE_TRANSFERS, transfers::create_withdrawal;
    reverse_transfer(ReverseTransferRequest) -> ReverseTransferResponse, WRITE_TRANSFERS, transfers::reverse_transfer;
    get_transfer(GetTransferRequest) -> GetTransferResponse, READ_TRANSFERS, transfers::get_transfer;
    list_transfers(ListTransfersRequest) -> ListTransfersResponse, READ_TRANSFERS, transfers::list_transfers;
    place_hold(PlaceHoldRequest) -> PlaceHoldResponse, WRITE_TRANSFERS, holds::place_hold;
    get_hold(GetHoldRequest) -> GetHoldResponse, READ_TRANSFERS, holds::get_hold;
    list_holds(ListHoldsRequest) -> ListHoldsResponse, READ_TRANSFERS, holds::list_holds;
    capture_hold(CaptureHoldRequest) -> CaptureHoldResponse, WRITE_TRANSFERS, holds::capture_hold;
    void_hold(VoidHoldRequest) -> VoidHoldResponse, WRITE_TRANSFERS, holds::void_hold;
    get_trial_balance(GetTrialBalanceRequest) -> GetTrialBalanceResponse, READ_ACCOUNTS, books::get_trial_balance;
    get_ledger_invariants(GetLedgerInvariantsRequest) -> GetLedgerInvariantsResponse, READ_ACCOUNTS, books::get_ledger_invariants;
}}
