//! Putting aggregates into the projections, a statement for each kind. All parts of a statement see the rows as they were
//! before it.

use std::sync::LazyLock;

use app::{
    ports::{StorageError, VoucherUse},
    vouchers::CampaignView,
};
use domain::vouchers::{CampaignFacts, Cap, VoucherFacts};
use serde_json::{Value, json};
use tokio_postgres::types::Json;

use crate::unit_of_work::{OwnedParam, PgUnitOfWork, borrowed};

/// What is told of a campaign, by the names that it has in events as well.
const CAMPAIGN: &str = "name, kind, status, percent_bps, amount_minor, currency, max_discount_minor, min_total_minor, \
    valid_from, valid_until, max_redemptions, max_redemptions_per_code, max_redemptions_per_customer, budget_minor, \
    metadata, created_at, updated_at, version";

static PUT_CAMPAIGNS: LazyLock<String> = LazyLock::new(|| {
    let of = |table: &str| {
        let names = CAMPAIGN.split(", ").map(|name| format!("{table}.{name}"));
        names.collect::<Vec<_>>().join(", ")
    };
    format!(
        "INSERT INTO voucher_stats AS it (generation, organization_id, id, {CAMPAIGN})
         SELECT kept.generation, seen.organization_id, seen.id, {}
           FROM unnest($1::integer[]) AS kept (generation)
          CROSS JOIN jsonb_populate_recordset(NULL::voucher_stats, $2) AS seen
         ON CONFLICT (generation, organization_id, id) DO UPDATE SET ({CAMPAIGN}) = ROW ({})
          WHERE it.version < EXCLUDED.version",
        of("seen"),
        of("EXCLUDED")
    )
});

/// A voucher counts for its campaign when it is seen for the first time.
const PUT_VOUCHERS: &str = "
    WITH seen AS MATERIALIZED (
        SELECT kept.generation, told.*
          FROM unnest($1::integer[]) AS kept (generation)
         CROSS JOIN unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::bigint[], $8::timestamptz[],
                           $9::timestamptz[], $10::bigint[], $11::jsonb[])
               AS told (organization_id, id, campaign_id, code, status, max_redemptions, created_at, updated_at, version,
                        metadata)),
    counted AS (
        INSERT INTO voucher_stats AS it (generation, organization_id, id, issued)
        SELECT generation, organization_id, campaign_id, count(*)
          FROM seen
         WHERE NOT EXISTS (SELECT FROM voucher_search AS known
                            WHERE (known.generation, known.organization_id, known.id)
                                = (seen.generation, seen.organization_id, seen.id) AND known.version > 0)
         GROUP BY generation, organization_id, campaign_id
        ON CONFLICT (generation, organization_id, id) DO UPDATE SET issued = it.issued + EXCLUDED.issued)
    INSERT INTO voucher_search AS it (generation, organization_id, id, campaign_id, code, status, max_redemptions,
                                      created_at, updated_at, version, metadata)
    SELECT * FROM seen
    ON CONFLICT (generation, organization_id, id) DO UPDATE
       SET campaign_id = EXCLUDED.campaign_id, code = EXCLUDED.code, status = EXCLUDED.status,
           max_redemptions = EXCLUDED.max_redemptions, created_at = EXCLUDED.created_at,
           updated_at = EXCLUDED.updated_at, version = EXCLUDED.version, metadata = EXCLUDED.metadata
     WHERE it.version < EXCLUDED.version";

/// What is different from what was last heard of a redemption counts for its voucher and its campaign.
const PUT_USES: &str = "
    WITH seen AS MATERIALIZED (
        SELECT kept.generation, told.*,
               coalesce(known.released, 0) AS known_released, coalesce(known.redeemed, 0) AS known_redeemed,
               coalesce(known.value_minor, 0) AS known_minor, known.currency AS known_currency
          FROM unnest($1::integer[]) AS kept (generation)
         CROSS JOIN unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::bigint[], $8::text[],
                           $9::boolean[], $10::bigint[])
               AS told (organization_id, id, campaign_id, voucher_id, code, amount_minor, currency, is_released, version)
          LEFT JOIN LATERAL (
               SELECT version, currency, is_released::integer AS released, (NOT is_released)::integer AS redeemed,
                      CASE WHEN is_released THEN 0 ELSE amount_minor END AS value_minor
                 FROM voucher_uses AS used
                WHERE (used.generation, used.organization_id, used.id)
                    = (kept.generation, told.organization_id, told.id)) AS known ON true
         WHERE known.version IS NULL OR known.version < told.version),
    noted AS (
        INSERT INTO voucher_uses (generation, organization_id, id, amount_minor, currency, is_released, version)
        SELECT generation, organization_id, id, amount_minor, currency, is_released, version FROM seen
        ON CONFLICT (generation, organization_id, id) DO UPDATE
           SET amount_minor = EXCLUDED.amount_minor, currency = EXCLUDED.currency, is_released = EXCLUDED.is_released,
               version = EXCLUDED.version),
    given AS (
        INSERT INTO voucher_values AS it (generation, organization_id, campaign_id, currency, redeemed, released,
                                          value_minor)
        SELECT generation, organization_id, campaign_id, currency, sum(redeemed), sum(released),
               least(greatest(sum(value_minor), -9007199254740991), 9007199254740991)
          FROM (SELECT generation, organization_id, campaign_id, currency, (NOT is_released)::integer AS redeemed,
                       is_released::integer AS released, CASE WHEN is_released THEN 0 ELSE amount_minor END AS value_minor
                  FROM seen
                 UNION ALL
                SELECT generation, organization_id, campaign_id, known_currency, -known_redeemed, -known_released,
                       -known_minor
                  FROM seen WHERE known_currency IS NOT NULL) AS change
         GROUP BY generation, organization_id, campaign_id, currency
        ON CONFLICT (generation, organization_id, campaign_id, currency) DO UPDATE
           SET redeemed = it.redeemed + EXCLUDED.redeemed, released = it.released + EXCLUDED.released,
               value_minor = least(it.value_minor + EXCLUDED.value_minor, 9007199254740991))
    INSERT INTO voucher_search AS it (generation, organization_id, id, campaign_id, code, redeemed)
    SELECT generation, organization_id, voucher_id, campaign_id, code,
           sum((NOT is_released)::integer - known_redeemed)
      FROM seen
     GROUP BY generation, organization_id, voucher_id, campaign_id, code
    ON CONFLICT (generation, organization_id, id) DO UPDATE SET redeemed = it.redeemed + EXCLUDED.redeemed
     WHERE EXCLUDED.redeemed <> 0";

impl PgUnitOfWork {
    pub(super) async fn put_campaigns(
        &mut self,
        into: &[i32],
        campaigns: &[CampaignFacts],
    ) -> Result<(), StorageError> {
        if campaigns.is_empty() {
            return Ok(());
        }
        let documents = campaigns.iter().map(document).collect();
        let documents = Json(Value::Array(documents));
        self.execute(&PUT_CAMPAIGNS, &[&into, &documents])
            .await
            .map(drop)
    }

    pub(super) async fn put_vouchers(
        &mut self,
        into: &[i32],
        vouchers: &[VoucherFacts],
    ) -> Result<(), StorageError> {
        if vouchers.is_empty() {
            return Ok(());
        }
        let columns = voucher_columns(into, vouchers);
        self.execute(PUT_VOUCHERS, &borrowed(&columns))
            .await
            .map(drop)
    }

    pub(super) async fn put_uses(
        &mut self,
        into: &[i32],
        uses: &[VoucherUse],
    ) -> Result<(), StorageError> {
        if uses.is_empty() {
            return Ok(());
        }
        let columns = use_columns(into, uses);
        self.execute(PUT_USES, &borrowed(&columns)).await.map(drop)
    }
}

fn document(facts: &CampaignFacts) -> Value {
    let mut document = json!(CampaignView::from(facts));
    document["organization_id"] = json!(facts.organization_id.as_uuid());
    document
}

/// A parameter with a value for each row.
fn each<R, T>(rows: &[R], value: impl Fn(&R) -> T) -> OwnedParam
where
    Vec<T>: tokio_postgres::types::ToSql + Sync + Send + 'static,
{
    Box::new(rows.iter().map(value).collect::<Vec<T>>())
}

fn voucher_columns(into: &[i32], rows: &[VoucherFacts]) -> [OwnedParam; 11] {
    [
        Box::new(into.to_vec()),
        each(rows, |it| it.organization_id.as_uuid()),
        each(rows, |it| it.id.as_uuid()),
        each(rows, |it| it.campaign_id.as_uuid()),
        each(rows, |it| it.code.as_str().to_owned()),
        each(rows, |it| it.status.code()),
        each(rows, |it| it.terms.max_redemptions.map(Cap::get)),
        each(rows, |it| it.created_at),
        each(rows, |it| it.updated_at),
        each(rows, |it| it.version.as_i64()),
        each(rows, |it| Json(it.terms.metadata.pairs().clone())),
    ]
}

fn use_columns(into: &[i32], rows: &[VoucherUse]) -> [OwnedParam; 10] {
    [
        Box::new(into.to_vec()),
        each(rows, |it| it.organization_id.as_uuid()),
        each(rows, |it| it.id.as_uuid()),
        each(rows, |it| it.campaign_id.as_uuid()),
        each(rows, |it| it.voucher_id.as_uuid()),
        each(rows, |it| it.code.as_str().to_owned()),
        each(rows, |it| it.amount_minor),
        each(rows, |it| it.currency.code()),
        each(rows, |it| it.is_released),
        each(rows, |it| it.version.as_i64()),
    ]
}
