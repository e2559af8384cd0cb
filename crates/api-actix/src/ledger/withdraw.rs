//! `POST /api/v1/accounts/{id}/withdrawals`

use actix_web::post;
use api_shared::ledger::new_movement;
use app::ledger::Party;
use domain::{
    ids::AccountId,
    ledger::{SystemAccount, TransferKind},
};

use super::{
    transfer_body::TransferBody,
    transfer_fields::Rejections,
    transfer_fields::{NewMovement, show_single},
};
use crate::{
    answer::Answer,
    caller::{Caller, WriteTransfers},
    input::Request,
    problem::Problem,
};

/// Withdraw money from an account
///
/// A transfer to the system account `external`, which stands for the world outside.
#[utoipa::path(
    tag = "ledger",
    operation_id = "createWithdrawal",
    security(("api_key" = ["transfers:write"])),
    request_body = NewMovement,
    responses((status = 201, description = "The transfer", body = TransferBody), Rejections)
)]
#[post("/accounts/{id}/withdrawals")]
pub(super) async fn withdraw(
    _caller: Caller<WriteTransfers>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, movement) = request.read(|input| {
        let id = input.id("id", AccountId::from_uuid);
        let movement = input.body(new_movement);
        Some((id?, movement?))
    })?;
    let account = Party::Account(id);
    let outside = Party::System(SystemAccount::External);
    let ask = movement.between(account, outside, TransferKind::Withdrawal);
    request.post(ask, show_single).await
}
