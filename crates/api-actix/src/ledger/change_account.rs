//! `PATCH /api/v1/accounts/{id}`

use actix_web::{patch, web};
use api_shared::ledger::account_changes;
use app::ledger::{AccountState, ChangeAccount};
use domain::ids::AccountId;

use super::{account_body::AccountBody, account_fields::ChangedAccount};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteAccounts},
    input::Request,
    problem::Problem,
};

/// Change an account
///
/// Its name, your notes, how far it may be overdrawn, and whether it takes part in transfers. A frozen account can be
/// made active again; a closed one stays closed. Transfers do not change its version.
#[utoipa::path(
    tag = "ledger",
    operation_id = "updateAccount",
    security(("api_key" = ["accounts:write"])),
    request_body = ChangedAccount,
    responses((status = 200, description = "The account as it is now", body = AccountBody), Refusals)
)]
#[patch("/accounts/{id}")]
pub(super) async fn change_account(
    caller: Caller<WriteAccounts>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, precondition, change) = request.read(|input| {
        let id = input.id("id", AccountId::from_uuid);
        let precondition = input.if_match();
        let change = input.body(account_changes);
        Some((id?, precondition?, change?))
    })?;
    let command = ChangeAccount {
        caller: caller.acting(),
        id,
        precondition,
        change,
    };
    let show =
        |state: &AccountState| Answer::single(state.facts.version, &AccountBody::from(state));
    request
        .execute(&api.ledger.change_account, command, show)
        .await
}

crate::openapi::refusals!(Refusals: ACCOUNT_CLOSED, ACCOUNT_NOT_EMPTY, OVERDRAFT_IN_USE, SYSTEM_ACCOUNT);
