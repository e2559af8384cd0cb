//! `GET /api/v1/holds`

use actix_web::{get, web};
use api_shared::ledger::hold_filter;

use super::hold_body::HoldBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadTransfers},
    input::Request,
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
        let filter = input.query(hold_filter);
        let window = input.window();
        Some((filter?, window?))
    })?;
    let queries = &api.ledger.holds.queries;
    let holds = queries.list(caller.organization_id(), &filter, window);
    Ok(request.list(window, holds.await?, |facts| HoldBody::from(&facts)))
}
