//! `POST /api/v1/wallet-transfers`

use actix_web::{post, web};
use api_shared::wallets::new_payment;
use utoipa::ToSchema;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteTransfers},
    input::Request,
    ledger::{TransferBody, show_single},
    problem::Problem,
    schemas,
};

/// Money that one user pays another.
#[derive(ToSchema)]
#[schema(example = json!({
    "from_username": "ada1815",
    "to_username": "charles1791",
    "amount_minor": 2_500,
    "description": "Lunch",
}))]
#[expect(dead_code, reason = "the schema of what `new_payment` reads")]
struct NewWalletTransfer {
    /// Who pays.
    from_username: schemas::Username,
    /// Who is paid.
    to_username: schemas::Username,
    /// How much.
    amount_minor: schemas::TransferAmountMinor,
    /// What both wallets are in; what the wallet of who pays is in, unless it is given.
    currency: Option<schemas::CurrencyCode>,
    /// What it is for.
    description: Option<schemas::TransferDescriptionText>,
    /// What it belongs to, in your own system.
    reference: Option<schemas::TransferReferenceText>,
    /// Your own notes.
    metadata: Option<schemas::Metadata>,
}

/// Pay another user
///
/// By name: a transfer from one wallet to the other.
#[utoipa::path(
    tag = "wallets",
    operation_id = "createWalletTransfer",
    security(("api_key" = ["transfers:write"])),
    request_body = NewWalletTransfer,
    responses((status = 201, description = "The transfer", body = TransferBody), Refusals)
)]
#[post("/wallet-transfers")]
pub(super) async fn pay(
    caller: Caller<WriteTransfers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let payment = request.read(|input| input.body(new_payment))?;
    request.needs_key()?;
    let found = api.wallets.payment(caller.organization_id(), payment).await;
    request.post_found(found, show_single).await
}

crate::openapi::refusals!(
    Refusals: USER_NOT_FOUND, SAME_ACCOUNT, CURRENCY_MISMATCH, INSUFFICIENT_FUNDS, ACCOUNT_FROZEN, ACCOUNT_CLOSED,
    AMOUNT_OUT_OF_RANGE, IDEMPOTENCY_KEY_REQUIRED, OVERLOADED
);
