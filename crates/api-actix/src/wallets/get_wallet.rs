//! `GET /api/v1/users/{id}/wallet`

use actix_web::{get, web};
use app::{ledger::AccountState, wire};
use domain::ids::UserId;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadUsers},
    input::Request,
    problem::Problem,
    schemas,
};

/// What is on a wallet.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Wallet, example = json!({
    "account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f24",
    "status": "active",
    "currency": "PEN",
    "balance_minor": 12_000,
    "held_minor": 2_000,
    "available_minor": 10_000,
    "as_of": "2026-11-20T13:02:11.123456Z",
}))]
struct WalletBody {
    /// The account that the wallet is.
    account_id: Uuid,
    /// Whether it takes part in transfers: `active`, `frozen` or `closed`.
    status: &'static str,
    /// What it is in.
    #[schema(value_type = schemas::CurrencyCode)]
    currency: &'static str,
    /// What is on it.
    #[schema(value_type = schemas::AmountMinor)]
    balance_minor: i64,
    /// What of that is held.
    #[schema(value_type = schemas::AmountMinor)]
    held_minor: i64,
    /// What could be spent.
    #[schema(value_type = Option<schemas::AmountMinor>)]
    available_minor: Option<i64>,
    /// When that was so.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    as_of: Timestamp,
}

/// Get what is on a user's wallet
#[utoipa::path(
    tag = "wallets",
    operation_id = "getWallet",
    security(("api_key" = ["users:read"])),
    responses((status = 200, description = "What is on the wallet", body = WalletBody))
)]
#[get("/users/{id}/wallet")]
pub(super) async fn get_wallet(
    caller: Caller<ReadUsers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", UserId::from_uuid))?;
    let state = api.wallets.wallet(caller.organization_id(), id).await?;
    Ok(Answer::ok(&shown(&state, api.wallets.clock.now())))
}

fn shown(state: &AccountState, as_of: Timestamp) -> WalletBody {
    WalletBody {
        account_id: state.facts.id.as_uuid(),
        status: state.facts.status.code(),
        currency: state.facts.currency.code(),
        balance_minor: state.balance_minor,
        held_minor: state.held_minor,
        available_minor: state.available_minor(),
        as_of,
    }
}
