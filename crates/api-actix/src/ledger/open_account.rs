//! `POST /api/v1/accounts`

use actix_web::{post, web};
use api_shared::ledger::new_account;
use app::ledger::{AccountState, OpenAccount};

use super::{account_body::AccountBody, account_fields::NewAccount};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteAccounts},
    input::Request,
    problem::Problem,
};

/// Open an account
///
/// What it begins with is posted together with it: both or neither. That moves money: with an initial balance above 0 an
/// `Idempotency-Key` is required.
#[utoipa::path(
    tag = "ledger",
    operation_id = "openAccount",
    security(("api_key" = ["accounts:write"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Required when there is an initial balance. Stands for this request and its repetitions: they have one effect and one answer, for 24 hours")),
    request_body = NewAccount,
    responses((status = 201, description = "The account", body = AccountBody), Refusals)
)]
#[post("/accounts")]
pub(super) async fn open_account(
    caller: Caller<WriteAccounts>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (opening, initial_balance) = request.read(|input| input.body(new_account))?;
    if initial_balance.is_some() {
        request.needs_key()?;
    }
    let command = OpenAccount {
        caller: caller.acting(),
        opening,
        initial_balance,
    };
    request
        .execute(&api.ledger.open_account, command, opened)
        .await
}

fn opened(state: &AccountState) -> Answer {
    let location = format!("/api/v1/accounts/{}", state.facts.id);
    Answer::created(&location, state.facts.version, &AccountBody::from(state))
}

crate::openapi::refusals!(Refusals: AMOUNT_OUT_OF_RANGE, IDEMPOTENCY_KEY_REQUIRED);
