//! `GET /api/v1/transfers`

use actix_web::{get, web};
use api_shared::ledger::transfer_filter;

use super::transfer_body::TransferBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadTransfers},
    input::Request,
    listing::ListOf,
    problem::Problem,
    schemas,
};

/// List the transfers
///
/// Newest first.
#[utoipa::path(
    tag = "ledger",
    operation_id = "listTransfers",
    security(("api_key" = ["transfers:read"])),
    params(
        ("account_id" = Option<uuid::Uuid>, Query, description = "From or to this account"),
        ("reference" = Option<schemas::TransferReferenceText>, Query, description = "With exactly this reference"),
        ("kind" = Option<schemas::TransferKindName>, Query, description = "Of this kind"),
        ("from" = Option<schemas::Instant>, Query, description = "Posted at this instant or later"),
        ("to" = Option<schemas::Instant>, Query, description = "Posted at this instant or earlier"),
    ),
    responses((status = 200, description = "A piece of the list", body = ListOf<TransferBody>))
)]
#[get("/transfers")]
pub(super) async fn list_transfers(
    caller: Caller<ReadTransfers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (filter, window) = request.read(|input| {
        let filter = input.query(transfer_filter);
        let window = input.window();
        Some((filter?, window?))
    })?;
    let transfers = api
        .ledger
        .transfers
        .list(caller.organization_id(), &filter, window)
        .await?;
    Ok(request.list(window, transfers.as_ref(), TransferBody::from))
}
