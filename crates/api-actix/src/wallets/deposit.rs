//! `POST /api/v1/users/{id}/wallet/deposits`

use actix_web::{post, web};
use app::ledger::Party;
use domain::{
    ids::UserId,
    ledger::{SystemAccount, TransferKind},
};

use super::{
    get_user::known_user,
    movement::{NewWalletMovement, new_movement},
};
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
        let movement = input.body(new_movement);
        Some((id?, movement?))
    })?;
    request.needs_key()?;
    let user = known_user(&api, caller.organization_id(), id).await?;
    let wallet = user.registration.wallet;
    let parties = [
        Party::System(SystemAccount::External),
        Party::Account(wallet.account_id),
    ];
    let ask = movement.between(parties, TransferKind::Deposit, wallet);
    request.post(ask, show_single).await
}

crate::openapi::refusals!(
    Refusals: CURRENCY_MISMATCH, ACCOUNT_FROZEN, ACCOUNT_CLOSED, AMOUNT_OUT_OF_RANGE, IDEMPOTENCY_KEY_REQUIRED, OVERLOADED
);
