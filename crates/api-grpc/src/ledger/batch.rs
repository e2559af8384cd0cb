//! `LedgerService.CreateTransferBatch`

use api_shared::{
    ledger::{batch_refusal, kind_of, new_batch},
    problem::Refusal,
};
use app::ledger::Verdict;
use domain::ledger::{PostedTransfer, Rejection};

use super::shown::transfer;
use crate::{
    call::{Call, Denied, Reply},
    proto::v1::{
        CreateTransferBatchRequest, CreateTransferBatchResponse, TransferRejection, TransferResult,
        transfer_result::Outcome,
    },
    status::reason,
};

pub(super) async fn create_transfer_batch(
    call: Call<CreateTransferBatchRequest>,
) -> Result<Reply<CreateTransferBatchResponse>, Denied> {
    let ask = call.read(|input| input.body(new_batch))?;
    call.post(ask, show).await
}

fn show(verdict: &Verdict) -> Result<CreateTransferBatchResponse, Refusal> {
    let results = match verdict {
        Verdict::Together(Ok(transfers)) => transfers.iter().map(posted).collect(),
        Verdict::Together(Err(rejections)) => return Err(batch_refusal(rejections)),
        Verdict::Each(results) => results
            .iter()
            .map(|result| result.as_ref().map_or_else(rejected, posted))
            .collect(),
    };
    Ok(CreateTransferBatchResponse { results })
}

fn posted(posted: &PostedTransfer) -> TransferResult {
    TransferResult {
        outcome: Some(Outcome::Transfer(transfer(posted))),
    }
}

fn rejected(why: &Rejection) -> TransferResult {
    TransferResult {
        outcome: Some(Outcome::Rejection(TransferRejection {
            reason: reason(kind_of(why)),
            detail: why.to_string(),
        })),
    }
}
