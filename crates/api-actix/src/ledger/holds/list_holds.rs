//! `GET /api/v1/holds`

use actix_web::{get, web};
use app::ports::HoldFilter;
use domain::{ids::AccountId, ledger::HoldState};

use super::hold_body::HoldBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadTransfers},
    input::{Input, Request, parse_id},
    listing::ListOf,
    problem::Problem,
    schemas,
};

/// List the holds
///
/// Newest first.
#[utoipa::path(
    tag = "ledger",
    operation_id = "listHolds",
    security(("api_key" = ["transfers:read"])),
    params(
        ("account_id" = Option<Uuid>, Query, description = "On this account"),
        ("status" = Option<schemas::HoldStatusName>, Query, description = "That stand there"),
    ),
    responses((status = 200, description = "A piece of the list", body = ListOf<HoldBody>))
)]
#[get("/holds")]
pub(super) async fn list_holds(
    caller: Caller<ReadTransfers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (filter, window) = request.read(|input| {
        let filter = read_filter(input);
        let window = input.window();
        Some((filter?, window?))
    })?;
    let queries = &api.ledger.holds.queries;
    let holds = queries.list(caller.organization_id(), &filter, window);
    Ok(request.list(window, holds.await?, |facts| HoldBody::from(&facts)))
}

fn read_filter(input: &mut Input<'_>) -> Option<HoldFilter> {
    let account_id = input.parameter("account_id", parse_id(AccountId::from_uuid));
    let state = input.parameter("status", HoldState::parse);
    Some(HoldFilter {
        account_id: account_id?,
        state: state?,
    })
}
