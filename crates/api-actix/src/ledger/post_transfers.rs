//! `POST /api/v1/transfers/batch`

use actix_web::{http::StatusCode, post};
use api_shared::ledger::{batch_refusal, kind_of, new_batch};
use app::ledger::{TransferView, Verdict};
use domain::ledger::{PostedTransfer, Rejection};
use serde::Serialize;
use utoipa::ToSchema;

use super::{transfer_body::TransferBody, transfer_fields::NewTransfer};
use crate::{
    answer::Answer,
    caller::{Caller, WriteTransfers},
    input::Request,
    problem::Problem,
};

/// Transfers to be posted at once.
#[derive(ToSchema)]
#[schema(as = TransferBatch, example = json!({
    "mode": "independent",
    "transfers": [{
        "source_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24",
        "destination_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f25",
        "amount_minor": 2_500,
        "currency": "USD",
    }],
}))]
#[expect(dead_code, reason = "the schema of what `new_batch` reads")]
struct NewBatch {
    /// `atomic`: all or none. `independent`: each for itself.
    mode: BatchMode,
    /// They are decided in this order.
    #[schema(min_items = 1, max_items = 1_000)]
    transfers: Vec<NewTransfer>,
}

/// How the transfers of a batch hang together.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "the schema of what `parse_mode` reads")]
enum BatchMode {
    /// All are posted or none.
    Atomic,
    /// Each is posted or not for itself.
    Independent,
}

/// All were posted.
#[derive(Serialize, ToSchema)]
#[schema(as = PostedTransferBatch, example = json!({
    "transfers": [{
        "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
        "kind": "transfer",
        "status": "posted",
        "source_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24",
        "destination_account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f25",
        "amount_minor": 2_500,
        "currency": "USD",
        "description": null,
        "reference": null,
        "metadata": {},
        "reverses_transfer_id": null,
        "source_balance_after_minor": 7_500,
        "destination_balance_after_minor": 2_500,
        "created_at": "2026-11-20T13:02:11.123456Z",
        "version": 1,
    }],
}))]
struct PostedBatchBody {
    /// The transfers, in the order of the request.
    transfers: Vec<TransferBody>,
}

/// What became of each.
#[derive(Serialize, ToSchema)]
#[schema(as = TransferBatchResults, example = json!({
    "results": [{
        "status": "rejected",
        "transfer": null,
        "code": "same_account",
        "detail": "the source and the destination are the same account",
    }],
}))]
struct BatchResultsBody {
    /// In the order of the request.
    results: Vec<BatchResultBody>,
}

/// What became of one transfer.
#[derive(Serialize, ToSchema)]
#[schema(as = TransferBatchResult)]
struct BatchResultBody {
    /// `posted` or `rejected`.
    status: &'static str,
    /// The transfer, if it was posted.
    transfer: Option<TransferBody>,
    /// Why not, if it was rejected: the code that the single transfer would have been refused with.
    code: Option<&'static str>,
    /// The same for a person.
    detail: Option<String>,
}

crate::openapi::refusals!(Refusals: BATCH_REJECTED, IDEMPOTENCY_KEY_REQUIRED, OVERLOADED);

/// Post up to 1,000 transfers at once
///
/// They are decided in the order of the request, each seeing what those before it have moved. An atomic batch is answered
/// with 201 and all transfers, or refused with what is wrong with each; an independent one is answered with 200 and what
/// became of each.
#[utoipa::path(
    tag = "ledger",
    operation_id = "createTransferBatch",
    security(("api_key" = ["transfers:write"])),
    request_body = NewBatch,
    responses(
        (status = 200, description = "What became of each of an independent batch", body = BatchResultsBody),
        (status = 201, description = "All transfers of an atomic batch", body = PostedBatchBody),
        Refusals
    )
)]
#[post("/transfers/batch")]
pub(super) async fn post_transfers(
    _caller: Caller<WriteTransfers>,
    request: Request,
) -> Result<Answer, Problem> {
    let ask = request.read(|input| input.body(new_batch))?;
    request.post(ask, show).await
}

fn show(verdict: &Verdict) -> Result<Answer, Problem> {
    match verdict {
        Verdict::Together(Ok(transfers)) => {
            let body = All {
                transfers: transfers.iter().map(TransferView::from).collect(),
            };
            Ok(Answer::ok(&body).with_status(StatusCode::CREATED))
        }
        Verdict::Together(Err(rejections)) => Err(batch_refusal(rejections).into()),
        Verdict::Each(results) => Ok(Answer::ok(&Each {
            results: results.iter().map(One::from).collect(),
        })),
    }
}

/// [`PostedBatchBody`], borrowed.
#[derive(Serialize)]
struct All<'t> {
    transfers: Vec<TransferView<'t>>,
}

/// [`BatchResultsBody`], borrowed.
#[derive(Serialize)]
struct Each<'t> {
    results: Vec<One<'t>>,
}

/// [`BatchResultBody`], borrowed.
#[derive(Serialize)]
struct One<'t> {
    status: &'static str,
    transfer: Option<TransferView<'t>>,
    code: Option<&'static str>,
    detail: Option<String>,
}

impl<'t> From<&'t Result<PostedTransfer, Rejection>> for One<'t> {
    fn from(result: &'t Result<PostedTransfer, Rejection>) -> Self {
        match result {
            Ok(transfer) => Self {
                status: "posted",
                transfer: Some(transfer.into()),
                code: None,
                detail: None,
            },
            Err(why) => Self {
                status: "rejected",
                transfer: None,
                code: Some(kind_of(why).code),
                detail: Some(why.to_string()),
            },
        }
    }
}
