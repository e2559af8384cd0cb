//! `GET /api/v1/accounts/{id}`

use actix_web::{get, web};
use domain::ids::AccountId;

use super::account_body::AccountBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadAccounts},
    input::Request,
    problem::Problem,
};

/// Get an account
///
/// With what is on it. System accounts as well. Its `ETag` is that of the account without what is on it, so that
/// transfers do not stand in the way of `If-Match`; the answer is always whole.
#[utoipa::path(
    tag = "ledger",
    operation_id = "getAccount",
    security(("api_key" = ["accounts:read"])),
    responses((status = 200, description = "The account", body = AccountBody))
)]
#[get("/accounts/{id}")]
pub(super) async fn get_account(
    caller: Caller<ReadAccounts>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let id = request.read(|input| input.id("id", AccountId::from_uuid))?;
    let state = api.ledger.account(caller.organization_id(), id).await?;
    Ok(Answer::single(state.facts.version, &AccountBody::from(&state)).always_whole())
}
