//! The rpcs of single transfers.

use api_shared::{
    ledger::{new_movement, new_transfer, reversal, single, transfer_filter},
    problem::Refusal,
};
use app::ledger::{Ask, Party, ReverseTransfer, Verdict};
use domain::{
    ids::{AccountId, TransferId},
    ledger::{PostedTransfer, SystemAccount, TransferKind},
};

use super::shown::transfer;
use crate::{
    call::{Call, Denied, Reply},
    proto::v1::{
        CreateDepositRequest, CreateDepositResponse, CreateTransferRequest, CreateTransferResponse,
        CreateWithdrawalRequest, CreateWithdrawalResponse, GetTransferRequest, GetTransferResponse,
        ListTransfersRequest, ListTransfersResponse, ReverseTransferRequest,
        ReverseTransferResponse, Transfer,
    },
};

const OUTSIDE: Party = Party::System(SystemAccount::External);

pub(super) async fn create_transfer(
    call: Call<CreateTransferRequest>,
) -> Result<Reply<CreateTransferResponse>, Denied> {
    let order = call.read(|input| input.body(new_transfer))?;
    let show = |verdict: &Verdict| {
        Ok(CreateTransferResponse {
            transfer: posted(verdict)?,
        })
    };
    call.post(Ask::Together(vec![order]), show).await
}

pub(super) async fn create_deposit(
    call: Call<CreateDepositRequest>,
) -> Result<Reply<CreateDepositResponse>, Denied> {
    let (id, movement) = call.read(|input| {
        let raw = &call.message.account_id;
        let id = input.id("account_id", raw, AccountId::from_uuid);
        let movement = input.body(new_movement);
        Some((id?, movement?))
    })?;
    let ask = movement.between(OUTSIDE, Party::Account(id), TransferKind::Deposit);
    let show = |verdict: &Verdict| {
        Ok(CreateDepositResponse {
            transfer: posted(verdict)?,
        })
    };
    call.post(ask, show).await
}

pub(super) async fn create_withdrawal(
    call: Call<CreateWithdrawalRequest>,
) -> Result<Reply<CreateWithdrawalResponse>, Denied> {
    let (id, movement) = call.read(|input| {
        let raw = &call.message.account_id;
        let id = input.id("account_id", raw, AccountId::from_uuid);
        let movement = input.body(new_movement);
        Some((id?, movement?))
    })?;
    let ask = movement.between(Party::Account(id), OUTSIDE, TransferKind::Withdrawal);
    let show = |verdict: &Verdict| {
        Ok(CreateWithdrawalResponse {
            transfer: posted(verdict)?,
        })
    };
    call.post(ask, show).await
}

pub(super) async fn reverse_transfer(
    call: Call<ReverseTransferRequest>,
) -> Result<Reply<ReverseTransferResponse>, Denied> {
    let (id, reasons) = call.read(|input| {
        let id = input.id("id", &call.message.id, TransferId::from_uuid);
        let reasons = input.body(reversal);
        Some((id?, reasons?))
    })?;
    let command = ReverseTransfer {
        caller: call.acting(),
        id,
        reasons,
    };
    let show = |posted: &PostedTransfer| ReverseTransferResponse {
        transfer: Some(transfer(posted)),
    };
    let handler = &call.api.ledger.reverse;
    call.execute_once_only(handler, command, show).await
}

pub(super) async fn get_transfer(
    call: Call<GetTransferRequest>,
) -> Result<Reply<GetTransferResponse>, Denied> {
    let id = call.read(|input| input.id("id", &call.message.id, TransferId::from_uuid))?;
    let ledger = &call.api.ledger;
    let posted = ledger.transfer(call.organization_id(), id).await?;
    Ok(Reply::fresh(GetTransferResponse {
        transfer: Some(transfer(&posted)),
    }))
}

pub(super) async fn list_transfers(
    call: Call<ListTransfersRequest>,
) -> Result<Reply<ListTransfersResponse>, Denied> {
    let (filter, window) = call.read(|input| {
        input.query(|query| {
            let filter = transfer_filter(query);
            let window = query.window();
            Some((filter?, window?))
        })
    })?;
    let queries = &call.api.ledger.transfers;
    let listing = queries
        .list(call.organization_id(), &filter, window)
        .await?;
    Ok(Reply::fresh(ListTransfersResponse {
        transfers: listing.rows.iter().map(transfer).collect(),
        next_cursor: call.next_cursor(listing.next),
    }))
}

/// What became of a transfer that was asked for alone.
pub(crate) fn posted(verdict: &Verdict) -> Result<Option<Transfer>, Refusal> {
    Ok(Some(transfer(single(verdict)?)))
}
