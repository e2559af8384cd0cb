//! `GET /api/v1/ledger/trial-balance`

use actix_web::{get, web};
use api_shared::ledger::trial_balance_piece;
use app::ledger::{CurrencyTotals, TrialBalance, TrialBalanceLine};
use domain::values::amount_in_range;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadAccounts},
    input::Request,
    problem::Problem,
    schemas,
};

/// What all accounts come to, and a piece of them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrialBalance, example = json!({
    "currencies": [{
        "currency": "USD",
        "accounts": 2,
        "debits_minor": 10_000,
        "debits_minor_text": "10000",
        "credits_minor": 10_000,
        "credits_minor_text": "10000",
        "balances_minor": 0,
    }],
    "data": [{
        "account_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
        "system": null,
        "currency": "USD",
        "debit_minor": 0,
        "credit_minor": 10_000,
        "balance_minor": 10_000,
    }],
    "next_after": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "has_more": true,
}))]
struct TrialBalanceBody {
    /// The totals of each currency, over all accounts.
    currencies: Vec<TotalsBody>,
    /// The accounts, in the order of their ids; system accounts as well.
    data: Vec<LineBody>,
    /// What to send as `after` for the next accounts; `null` when these are the last.
    next_after: Option<Uuid>,
    /// Whether there are more.
    has_more: bool,
}

/// What the accounts of a currency come to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrialBalanceTotals)]
struct TotalsBody {
    /// The currency.
    #[schema(value_type = schemas::CurrencyCode)]
    currency: &'static str,
    /// How many accounts there are in it.
    #[schema(minimum = 0)]
    accounts: i64,
    /// What is below zero, without its sign; `null` when that is beyond ±(2^53-1), where JSON numbers are not exact
    /// everywhere.
    #[schema(value_type = Option<schemas::AmountMinor>)]
    debits_minor: Option<i64>,
    /// The same as text, however large it is.
    #[schema(pattern = "^-?[0-9]+$")]
    debits_minor_text: String,
    /// What is above zero; `null` when that is beyond ±(2^53-1).
    #[schema(value_type = Option<schemas::AmountMinor>)]
    credits_minor: Option<i64>,
    /// The same as text, however large it is.
    #[schema(pattern = "^-?[0-9]+$")]
    credits_minor_text: String,
    /// All balances: 0, or the ledger is broken.
    #[schema(value_type = Option<schemas::AmountMinor>)]
    balances_minor: Option<i64>,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TrialBalanceLine)]
struct LineBody {
    /// Which one.
    account_id: Uuid,
    /// What it is for, if it is a system account.
    #[schema(value_type = Option<schemas::SystemAccountName>)]
    system: Option<String>,
    /// What it is in.
    #[schema(value_type = schemas::CurrencyCode)]
    currency: &'static str,
    /// What is on it if that is below zero, without its sign; 0 if not.
    #[schema(value_type = schemas::BalanceMinor)]
    debit_minor: i64,
    /// What is on it if that is above zero; 0 if not.
    #[schema(value_type = schemas::BalanceMinor)]
    credit_minor: i64,
    /// What is on it.
    #[schema(value_type = schemas::BalanceMinor)]
    balance_minor: i64,
}

/// Get the trial balance
///
/// Every account with what is on it, as a debit when that is below zero and as a credit when it is above; and what all of
/// them come to, which is the same on both sides. The totals are always those of all accounts, whichever piece of the
/// accounts is asked for, and they are of the same moment as that piece.
#[utoipa::path(
    tag = "ledger",
    operation_id = "getTrialBalance",
    security(("api_key" = ["accounts:read"])),
    params(
        ("after" = Option<Uuid>, Query, description = "Accounts behind this one"),
        ("limit" = Option<schemas::RowsNumber>, Query, description = "How many; 20 without it"),
    ),
    responses((status = 200, description = "The trial balance", body = TrialBalanceBody))
)]
#[get("/ledger/trial-balance")]
pub(super) async fn get_trial_balance(
    caller: Caller<ReadAccounts>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (after, limit) = request.read(|input| input.query(trial_balance_piece))?;
    let read = api
        .ledger
        .trial_balances
        .trial_balance(caller.organization_id(), after, limit)
        .await?;
    Ok(Answer::ok(&TrialBalanceBody::from(&read)))
}

impl From<&TrialBalance> for TrialBalanceBody {
    fn from(read: &TrialBalance) -> Self {
        let last = read.lines.last().filter(|_| read.has_more);
        Self {
            currencies: read.totals.iter().map(TotalsBody::from).collect(),
            data: read.lines.iter().map(LineBody::from).collect(),
            next_after: last.map(|line| line.account_id.as_uuid()),
            has_more: read.has_more,
        }
    }
}

impl From<&CurrencyTotals> for TotalsBody {
    fn from(totals: &CurrencyTotals) -> Self {
        let number = |sum: i128| amount_in_range(sum).ok();
        Self {
            currency: totals.currency.code(),
            accounts: totals.accounts,
            debits_minor: number(totals.debits_minor),
            debits_minor_text: totals.debits_minor.to_string(),
            credits_minor: number(totals.credits_minor),
            credits_minor_text: totals.credits_minor.to_string(),
            balances_minor: number(totals.balances_minor()),
        }
    }
}

impl From<&TrialBalanceLine> for LineBody {
    fn from(line: &TrialBalanceLine) -> Self {
        Self {
            account_id: line.account_id.as_uuid(),
            system: line.system.as_ref().map(ToString::to_string),
            currency: line.currency.code(),
            debit_minor: line.balance_minor.min(0).saturating_neg(),
            credit_minor: line.balance_minor.max(0),
            balance_minor: line.balance_minor,
        }
    }
}
