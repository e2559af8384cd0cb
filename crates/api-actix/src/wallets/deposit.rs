//! `POST /api/v1/users/{id}/wallet/deposits`

use actix_web::{post, web};
use api_shared::wallets::new_wallet_movement;
use domain::ids::UserId;

use super::movement::NewWalletMovement;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteTransfers},
    input::Request,
    ledger::{TransferBody, show_single},
    problem::Problem,
};

/// Deposit money into a wallet
///
/// "Recharge" it: a transfer from the system account `external`, which stands for the world outside.
#[utoipa::path(
    tag = "wallets",
    operation_id = "createWalletDeposit",
    security(("api_key" = ["transfers:write"])),
    request_body = NewWalletMovement,
    responses((status = 201, description = "The transfer", body = TransferBody), Refusals)
)]
#[post("/users/{id}/wallet/deposits")]
pub(super) async fn deposit(
    caller: Caller<WriteTransfers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, movement) = request.read(|input| {
        let id = input.id("id", UserId::from_uuid);
        let movement = input.body(new_wallet_movement);
        Some((id?, movement?))
    })?;
    request.needs_key()?;
    let found = api
        .wallets
        .deposit(caller.organization_id(), id, movement)
        .await;
    request.post_found(found, show_single).await
}

crate::openapi::refusals!(
    Refusals: CURRENCY_MISMATCH, ACCOUNT_FROZEN, ACCOUNT_CLOSED, AMOUNT_OUT_OF_RANGE, IDEMPOTENCY_KEY_REQUIRED, OVERLOADED
);
