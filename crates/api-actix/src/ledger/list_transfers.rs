//! `GET /api/v1/transfers`

use actix_web::{get, web};
use app::ports::TransferFilter;
use domain::{
    ids::AccountId,
    ledger::{TransferKind, TransferReference},
};

use super::transfer_body::TransferBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadTransfers},
    input::{Input, Request, parse_id, readers::parse_instant},
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
        let filter = read_filter(input);
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

fn read_filter(input: &mut Input<'_>) -> Option<TransferFilter> {
    let account_id = input.parameter("account_id", parse_id(AccountId::from_uuid));
    let reference = input.parameter("reference", TransferReference::parse);
    let kind = input.parameter("kind", TransferKind::parse);
    let from = input.parameter("from", parse_instant);
    let to = input.parameter("to", parse_instant);
    Some(TransferFilter {
        account_id: account_id?,
        reference: reference?,
        kind: kind?,
        from: from?,
        to: to?,
    })
}
