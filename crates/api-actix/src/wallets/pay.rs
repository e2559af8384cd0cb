//! `POST /api/v1/wallet-transfers`

use std::sync::Arc;

use actix_web::{post, web};
use app::ledger::Party;
use domain::{
    ids::OrganizationId,
    ledger::TransferKind,
    wallets::{UserFacts, Username},
};
use utoipa::ToSchema;

use super::movement::{Movement, new_movement};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteTransfers},
    input::{Fields, Request, readers::text},
    ledger::{TransferBody, show_single},
    problem::{Problem, catalogue::USER_NOT_FOUND},
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

struct Payment {
    from: Username,
    to: Username,
    movement: Movement,
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
    let organization_id = caller.organization_id();
    let from = named_user(&api, organization_id, &payment.from).await?;
    let to = named_user(&api, organization_id, &payment.to).await?;
    let wallet = from.registration.wallet;
    let parties = [wallet, to.registration.wallet].map(|it| Party::Account(it.account_id));
    let ask = payment
        .movement
        .between(parties, TransferKind::Transfer, wallet);
    request.post(ask, show_single).await
}

fn new_payment(fields: &mut Fields<'_>) -> Option<Payment> {
    let from = fields.required("from_username", text(Username::parse));
    let to = fields.required("to_username", text(Username::parse));
    let movement = new_movement(fields);
    Some(Payment {
        from: from?,
        to: to?,
        movement: movement?,
    })
}

/// The user of a name. A closed one as well: the ledger refuses to move what is on a closed wallet, and a repeated request
/// finds what it found before.
async fn named_user(
    api: &Api,
    organization_id: OrganizationId,
    username: &Username,
) -> Result<Arc<UserFacts>, Problem> {
    let directory = &api.wallets.directory;
    let found = directory
        .find_by_username(organization_id, username)
        .await?;
    let unknown = || format!("there is no user {}", username.as_str());
    found.ok_or_else(|| Problem::of(&USER_NOT_FOUND).because(unknown()))
}

crate::openapi::refusals!(
    Refusals: USER_NOT_FOUND, SAME_ACCOUNT, CURRENCY_MISMATCH, INSUFFICIENT_FUNDS, ACCOUNT_FROZEN, ACCOUNT_CLOSED,
    AMOUNT_OUT_OF_RANGE, IDEMPOTENCY_KEY_REQUIRED, OVERLOADED
);
