//! The service's SELECT of a voucher with all that decides about it, and nothing else.

use actix_web::{
    HttpResponse,
    error::{ErrorInternalServerError, ErrorNotFound},
    http::header::ContentType,
    web::{self, Bytes, Data, Path, ServiceConfig},
};

use super::{row_document::Document, store::Store};

/// As in `PgVoucherQueries::find_standing`, for somebody who is not known.
const SELECT: &str = "
    SELECT campaign.id AS c_id, campaign.name, campaign.kind, campaign.status AS c_status,
           campaign.percent_bps::bigint AS percent_bps, campaign.amount_minor, campaign.currency,
           campaign.max_discount_minor, campaign.min_total_minor, campaign.valid_from, campaign.valid_until,
           campaign.max_redemptions AS c_max_redemptions, campaign.max_redemptions_per_code,
           campaign.max_redemptions_per_customer, campaign.budget_minor, campaign.metadata,
           campaign.created_at AS c_created_at, campaign.updated_at AS c_updated_at, campaign.version AS c_version,
           voucher.id, voucher.code, voucher.status, voucher.max_redemptions, voucher.created_at, voucher.updated_at,
           voucher.version,
           coalesce((SELECT uses FROM voucher_counters
                      WHERE campaign_id = voucher.campaign_id AND scope = 'code:' || voucher.id), 0) AS of_code,
           coalesce(total.uses, 0) AS of_campaign, coalesce(total.value_minor, 0) AS value_minor,
           coalesce((SELECT max(uses) FROM voucher_counters
                      WHERE campaign_id = voucher.campaign_id AND scope = ANY ('{}'::text[])), 0) AS of_customer,
           EXISTS (SELECT FROM voucher_blocklist
                    WHERE organization_id = $1 AND name = ANY ('{}'::text[]))::text AS is_blocked
      FROM vouchers AS voucher
      JOIN campaigns AS campaign
        ON campaign.organization_id = voucher.organization_id AND campaign.id = voucher.campaign_id
      LEFT JOIN voucher_counters AS total ON total.campaign_id = voucher.campaign_id AND total.scope = 'total'
     WHERE voucher.organization_id = $1 AND voucher.code = $2";

pub(super) fn configure(config: &mut ServiceConfig, store: Store) {
    config
        .app_data(Data::new(store))
        .route("/api/v1/vouchers/{code}/validate", web::post().to(answer));
}

async fn answer(
    code: Path<String>,
    _body: Bytes,
    store: Data<Store>,
) -> Result<HttpResponse, actix_web::Error> {
    let (client, statement) = store.prepared(SELECT).await?;
    let found = client
        .query_opt(&statement, &[&store.organization, &*code])
        .await
        .map_err(ErrorInternalServerError)?;
    drop(client);
    let row = found.ok_or_else(|| ErrorNotFound("there is no such voucher"))?;
    let response = HttpResponse::Ok()
        .insert_header(ContentType::json())
        .body(Document::of(&row)?.finish());
    Ok(response)
}
