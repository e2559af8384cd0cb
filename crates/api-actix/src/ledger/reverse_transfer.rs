//! `POST /api/v1/transfers/{id}/reverse`

use actix_web::{post, web};
use api_shared::ledger::reversal;
use app::ledger::ReverseTransfer;
use domain::ids::TransferId;
use utoipa::ToSchema;

use super::transfer_body::{TransferBody, posted};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteTransfers},
    input::Request,
    problem::Problem,
    schemas,
};

/// Why a transfer is taken back.
#[derive(ToSchema)]
#[schema(example = json!({"description": "Paid twice"}))]
#[expect(dead_code, reason = "the schema of what `reversal` reads")]
struct TransferReversal {
    /// Why.
    description: Option<schemas::TransferDescriptionText>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
}

/// Reverse a transfer
///
/// Posts the mirror of a transfer, a deposit, a withdrawal, a captured hold or an initial balance, under the same reference;
/// each can be reversed once. What an invoice or a payment has posted is taken back by their own means: a cancellation or a
/// refund.
#[utoipa::path(
    tag = "ledger",
    operation_id = "reverseTransfer",
    security(("api_key" = ["transfers:write"])),
    request_body = TransferReversal,
    responses((status = 201, description = "The reversal", body = TransferBody), Refusals)
)]
#[post("/transfers/{id}/reverse")]
pub(super) async fn reverse_transfer(
    caller: Caller<WriteTransfers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, reasons) = request.read(|input| {
        let id = input.id("id", TransferId::from_uuid);
        let reversal = input.body_if_any(reversal);
        Some((id?, reversal?))
    })?;
    let command = ReverseTransfer {
        caller: caller.acting(),
        id,
        reasons,
    };
    request
        .execute_once_only(&api.ledger.reverse, command, posted)
        .await
}

crate::openapi::refusals!(
    Refusals: ALREADY_REVERSED, TRANSFER_NOT_REVERSIBLE, INSUFFICIENT_FUNDS, ACCOUNT_FROZEN, ACCOUNT_CLOSED,
    AMOUNT_OUT_OF_RANGE, IDEMPOTENCY_KEY_REQUIRED
);
