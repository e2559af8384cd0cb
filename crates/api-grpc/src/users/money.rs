//! The rpcs that move money from, to and between wallets.

use api_shared::wallets::{WalletMovement, new_payment, new_wallet_movement};
use app::ledger::Verdict;
use domain::ids::UserId;

use crate::{
    call::{Call, Denied, Reply},
    document::Asks,
    ledger::posted,
    proto::v1::{
        CreateWalletDepositRequest, CreateWalletDepositResponse, CreateWalletTransferRequest,
        CreateWalletTransferResponse, CreateWalletWithdrawalRequest,
        CreateWalletWithdrawalResponse,
    },
};

pub(super) async fn deposit(
    call: Call<CreateWalletDepositRequest>,
) -> Result<Reply<CreateWalletDepositResponse>, Denied> {
    let (id, movement) = read(&call, &call.message.user_id)?;
    let wallets = &call.api.wallets;
    let found = wallets.deposit(call.organization_id(), id, movement).await;
    let show = |verdict: &Verdict| {
        Ok(CreateWalletDepositResponse {
            transfer: posted(verdict)?,
        })
    };
    call.post_found(found, show).await
}

pub(super) async fn withdraw(
    call: Call<CreateWalletWithdrawalRequest>,
) -> Result<Reply<CreateWalletWithdrawalResponse>, Denied> {
    let (id, movement) = read(&call, &call.message.user_id)?;
    let wallets = &call.api.wallets;
    let found = wallets
        .withdrawal(call.organization_id(), id, movement)
        .await;
    let show = |verdict: &Verdict| {
        Ok(CreateWalletWithdrawalResponse {
            transfer: posted(verdict)?,
        })
    };
    call.post_found(found, show).await
}

pub(super) async fn pay(
    call: Call<CreateWalletTransferRequest>,
) -> Result<Reply<CreateWalletTransferResponse>, Denied> {
    let payment = call.read(|input| input.body(new_payment))?;
    call.needs_key()?;
    let wallets = &call.api.wallets;
    let found = wallets.payment(call.organization_id(), payment).await;
    let show = |verdict: &Verdict| {
        Ok(CreateWalletTransferResponse {
            transfer: posted(verdict)?,
        })
    };
    call.post_found(found, show).await
}

/// Whose wallet it is about, and what is to be moved. A call without a key goes no further.
fn read<M: Asks>(call: &Call<M>, user_id: &str) -> Result<(UserId, WalletMovement), Denied> {
    let read = call.read(|input| {
        let id = input.id("user_id", user_id, UserId::from_uuid);
        let movement = input.body(new_wallet_movement);
        Some((id?, movement?))
    })?;
    call.needs_key()?;
    Ok(read)
}
