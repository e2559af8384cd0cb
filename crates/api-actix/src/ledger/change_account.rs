//! `PATCH /api/v1/accounts/{id}`

use actix_web::{patch, web};
use app::ledger::{AccountState, ChangeAccount, ChangeAccountError};
use domain::{ids::AccountId, ledger::ChangeAccountError as Refusal};

use super::{
    account_body::AccountBody,
    account_fields::{ChangedAccount, account_changes},
};
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteAccounts},
    input::Request,
    problem::{
        Problem,
        catalogue::{
            ACCOUNT_CLOSED, ACCOUNT_NOT_EMPTY, NOT_FOUND, OVERDRAFT_IN_USE, SYSTEM_ACCOUNT,
            VERSION_CONFLICT,
        },
    },
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

impl From<&ChangeAccountError> for Problem {
    fn from(error: &ChangeAccountError) -> Self {
        match error {
            ChangeAccountError::NotFound(_) => Self::of(&NOT_FOUND).because(error),
            ChangeAccountError::Conflict(_) => Self::of(&VERSION_CONFLICT).because(error),
            ChangeAccountError::Refused(refusal) => Self::from(refusal),
            ChangeAccountError::Storage(error) => Self::from(error),
        }
    }
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Self {
        let kind = match refusal {
            Refusal::Closed(_) => &ACCOUNT_CLOSED,
            Refusal::SystemAccount(_) => &SYSTEM_ACCOUNT,
            Refusal::NotEmpty { .. } => &ACCOUNT_NOT_EMPTY,
            Refusal::OverdraftInUse { .. } => &OVERDRAFT_IN_USE,
        };
        Self::of(kind).because(refusal)
    }
}
