//! `GET /api/v1/campaigns/{id}/vouchers`

use actix_web::{get, web};
use api_shared::vouchers::campaign_voucher_filter;
use domain::ids::CampaignId;

use super::voucher_body::VoucherBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadVouchers},
    input::Request,
    listing::ListOf,
    problem::{Problem, catalogue::NOT_FOUND},
    schemas,
};

/// List the vouchers of a campaign
///
/// Newest first. One that was just issued or changed is there a moment later.
#[utoipa::path(
    tag = "vouchers",
    operation_id = "listCampaignVouchers",
    security(("api_key" = ["vouchers:read"])),
    params(("status" = Option<schemas::VoucherStatusName>, Query, description = "That stand there")),
    responses((status = 200, description = "A piece of the list", body = ListOf<VoucherBody>))
)]
#[get("/campaigns/{id}/vouchers")]
pub(super) async fn list_campaign_vouchers(
    caller: Caller<ReadVouchers>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, filter, window) = request.read(|input| {
        let id = input.id("id", CampaignId::from_uuid);
        // Read in any case, so that everything that is wrong is told at once.
        let of = id.unwrap_or(CampaignId::from_uuid(uuid::Uuid::nil()));
        let filter = input.query(|query| campaign_voucher_filter(query, of));
        let window = input.window();
        Some((id?, filter?, window?))
    })?;
    let (queries, owner) = (&api.vouchers.queries, caller.organization_id());
    let unknown = || Problem::of(&NOT_FOUND).because(format!("there is no campaign {id}"));
    queries
        .find_campaign(owner, id)
        .await?
        .ok_or_else(unknown)?;
    let vouchers = queries.list(owner, &filter, window).await?;
    Ok(request.list(window, vouchers, |facts| VoucherBody::from(&facts)))
}
