//! `GET /api/v1/accounts`

use actix_web::{get, web};
use api_shared::ledger::account_filter;

use super::account_body::AccountBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadAccounts},
    input::Request,
    listing::ListOf,
    problem::Problem,
    schemas,
};

/// List the accounts
///
/// Those that were opened, newest first. System accounts are in the trial balance.
#[utoipa::path(
    tag = "ledger",
    operation_id = "listAccounts",
    security(("api_key" = ["accounts:read"])),
    params(
        ("owner" = Option<schemas::AccountOwnerText>, Query, description = "Of exactly this owner"),
        ("currency" = Option<schemas::CurrencyCode>, Query, description = "In this currency"),
        ("status" = Option<schemas::AccountStatusName>, Query, description = "In this state"),
    ),
    responses((status = 200, description = "A piece of the list", body = ListOf<AccountBody>))
)]
#[get("/accounts")]
pub(super) async fn list_accounts(
    caller: Caller<ReadAccounts>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (filter, window) = request.read(|input| {
        let filter = input.query(account_filter);
        let window = input.window();
        Some((filter?, window?))
    })?;
    let accounts = api
        .ledger
        .accounts
        .list(caller.organization_id(), &filter, window)
        .await?;
    Ok(request.list(window, accounts, |state| AccountBody::from(&state)))
}
