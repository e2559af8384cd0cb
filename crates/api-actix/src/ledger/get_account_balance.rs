//! `GET /api/v1/accounts/{id}/balance`

use actix_web::{get, web};
use api_shared::ledger::Balance;
use app::wire;
use domain::ids::AccountId;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadAccounts},
    input::{Request, readers::parse_instant},
    problem::Problem,
    schemas,
};

/// What is on an account, or was.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountBalance, example = json!({
    "account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "currency": "USD",
    "balance_minor": 10_000,
    "held_minor": 2_500,
    "available_minor": 7_500,
    "as_of": "2026-11-20T13:02:11.123456Z",
}))]
struct BalanceBody {
    /// Of which account.
    account_id: Uuid,
    /// What it is in.
    #[schema(value_type = schemas::CurrencyCode)]
    currency: &'static str,
    /// What is on it, or was.
    #[schema(value_type = schemas::BalanceMinor)]
    balance_minor: i64,
    /// What of that is held; `null` with `at`, since holds are not known in the past.
    #[schema(value_type = Option<schemas::HeldMinor>)]
    held_minor: Option<i64>,
    /// What a transfer could take from it; `null` with `at`, and for a system account, which has no limit.
    #[schema(value_type = Option<schemas::AmountMinor>)]
    available_minor: Option<i64>,
    /// When that is so, or was.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    as_of: Timestamp,
}

/// Get the balance of an account
///
/// As it is now; or, with `at`, as the entries that were made until then, and at that instant, had left it: 0 before the
/// account was there. An instant that is still to come is answered with what is known now.
#[utoipa::path(
    tag = "ledger",
    operation_id = "getAccountBalance",
    security(("api_key" = ["accounts:read"])),
    params(("at" = Option<schemas::Instant>, Query, description = "When; now without it")),
    responses((status = 200, description = "The balance", body = BalanceBody))
)]
#[get("/accounts/{id}/balance")]
pub(super) async fn get_account_balance(
    caller: Caller<ReadAccounts>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, at) = request.read(|input| {
        let id = input.id("id", AccountId::from_uuid);
        let at = input.parameter("at", parse_instant);
        Some((id?, at?))
    })?;
    let ledger = &api.ledger;
    let balance = ledger.balance(caller.organization_id(), id, at).await?;
    Ok(Answer::ok(&BalanceBody::from(balance)))
}

impl From<Balance> for BalanceBody {
    fn from(balance: Balance) -> Self {
        Self {
            account_id: balance.account_id.as_uuid(),
            currency: balance.currency.code(),
            balance_minor: balance.balance_minor,
            held_minor: balance.held_minor,
            available_minor: balance.available_minor,
            as_of: balance.as_of,
        }
    }
}
