//! How campaigns do, and which vouchers can still be redeemed: read from the projections.

use std::sync::LazyLock;

use app::ports::{
    CampaignStanding, CampaignStats, Given, OfferQuery, OpenCampaign, StorageError,
    VoucherStatsQueries,
};
use async_trait::async_trait;
use domain::{
    ids::{CampaignId, OrganizationId},
    values::Currency,
    vouchers::{Cap, Counts, VoucherFacts},
};
use tokio_postgres::Row;

use super::{
    campaign_row::{self, campaign_from},
    projection::IS_LIVE,
    voucher_row::{self, voucher_from},
};
use crate::{columns::Columns, database::Database, error::corrupt, listing::collect};

const ENTITY: &str = "voucher stats";

static FIND_STATS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {}, campaign.issued, given.*
           FROM voucher_stats AS campaign
          CROSS JOIN LATERAL (
                SELECT coalesce(array_agg(currency ORDER BY currency), '{{}}') AS currencies,
                       coalesce(array_agg(redeemed ORDER BY currency), '{{}}') AS redeemed,
                       coalesce(array_agg(released ORDER BY currency), '{{}}') AS released,
                       coalesce(array_agg(value_minor ORDER BY currency), '{{}}') AS value_minor
                  FROM voucher_values AS it
                 WHERE (it.generation, it.organization_id, it.campaign_id)
                     = (campaign.generation, campaign.organization_id, campaign.id)
                   AND (it.redeemed <> 0 OR it.released <> 0)) AS given
          WHERE campaign.{IS_LIVE} AND campaign.organization_id = $1 AND campaign.id = $2 AND campaign.version > 0",
        campaign_row::COLUMNS
    )
});

/// $1 organization, $2 when, $3 currency, $4 names of the customer, $5 before which campaign, $6 how many. The names of customers
/// are no business of events, so that whoever is limited or blocked is looked for where it is written.
static LIST_STANDINGS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {}, coalesce(given.redeemed, 0) AS of_campaign, coalesce(given.value_minor, 0) AS value_minor,
                coalesce((SELECT max(uses) FROM voucher_counters
                           WHERE campaign_id = campaign.id AND scope = ANY ($4::text[])), 0) AS of_customer,
                EXISTS (SELECT FROM voucher_blocklist
                         WHERE organization_id = $1 AND name = ANY ($4::text[])) AS is_blocked
           FROM voucher_stats AS campaign
          CROSS JOIN LATERAL (
                SELECT sum(redeemed)::bigint AS redeemed,
                       (sum(value_minor) FILTER (WHERE it.currency = campaign.currency))::bigint AS value_minor
                  FROM voucher_values AS it
                 WHERE (it.generation, it.organization_id, it.campaign_id)
                     = (campaign.generation, campaign.organization_id, campaign.id)) AS given
          WHERE campaign.{IS_LIVE} AND campaign.organization_id = $1 AND campaign.status = 'active'
            AND (campaign.valid_from IS NULL OR campaign.valid_from <= $2)
            AND (campaign.valid_until IS NULL OR campaign.valid_until > $2)
            AND (campaign.currency IS NULL OR campaign.currency = $3)
            AND ($5::uuid IS NULL OR campaign.id < $5)
          ORDER BY campaign.id DESC LIMIT $6",
        campaign_row::COLUMNS
    )
});

/// $1 organization, $2 campaigns, $3 how often each of their codes, $4 how many.
static LIST_OPEN: LazyLock<String> = LazyLock::new(|| {
    let columns = voucher_row::COLUMNS;
    format!(
        "SELECT {columns}
           FROM unnest($2::uuid[], $3::bigint[]) WITH ORDINALITY AS wanted (campaign_id, cap, place)
          CROSS JOIN LATERAL (
                (SELECT * FROM voucher_search
                  WHERE {IS_LIVE} AND campaign_id = wanted.campaign_id AND status = 'enabled' AND max_redemptions IS NULL
                    AND redeemed < coalesce(wanted.cap, 9223372036854775807) AND organization_id = $1
                  ORDER BY redeemed, id LIMIT $4)
                UNION ALL
                (SELECT * FROM voucher_search
                  WHERE {IS_LIVE} AND campaign_id = wanted.campaign_id AND status = 'enabled'
                    AND redeemed < max_redemptions AND organization_id = $1
                  ORDER BY redeemed, id LIMIT $4)) AS voucher
          ORDER BY wanted.place, voucher.redeemed, voucher.id LIMIT $4"
    )
});

/// Reads how campaigns do.
pub struct PgVoucherStatsQueries {
    database: Database,
}

impl PgVoucherStatsQueries {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl VoucherStatsQueries for PgVoucherStatsQueries {
    async fn find_stats(
        &self,
        organization_id: OrganizationId,
        id: CampaignId,
    ) -> Result<Option<CampaignStats>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .database
            .query_opt(&FIND_STATS, &[&params[0], &params[1]])
            .await?;
        row.as_ref().map(stats_from).transpose()
    }

    async fn list_standings(
        &self,
        organization_id: OrganizationId,
        query: &OfferQuery,
        before: Option<CampaignId>,
        limit: i64,
    ) -> Result<Vec<CampaignStanding>, StorageError> {
        let names = query.holder.names();
        let before = before.map(|id| id.as_uuid());
        let rows = self
            .database
            .query(
                &LIST_STANDINGS,
                &[
                    &organization_id.as_uuid(),
                    &query.now,
                    &query.currency.code(),
                    &names,
                    &before,
                    &limit,
                ],
            )
            .await?;
        collect(&rows, |row| standing_from(row, !names.is_empty()))
    }

    async fn list_open(
        &self,
        organization_id: OrganizationId,
        campaigns: &[OpenCampaign],
        limit: i64,
    ) -> Result<Vec<VoucherFacts>, StorageError> {
        let ids: Vec<_> = campaigns.iter().map(|(id, _)| id.as_uuid()).collect();
        let caps: Vec<_> = campaigns.iter().map(|(_, cap)| cap.map(Cap::get)).collect();
        let rows = self
            .database
            .query(
                &LIST_OPEN,
                &[&organization_id.as_uuid(), &ids, &caps, &limit],
            )
            .await?;
        collect(&rows, voucher_from)
    }
}

fn stats_from(row: &Row) -> Result<CampaignStats, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let currencies: Vec<&str> = columns.get("currencies")?;
    let redeemed: Vec<i64> = columns.get("redeemed")?;
    let released: Vec<i64> = columns.get("released")?;
    let value_minor: Vec<i64> = columns.get("value_minor")?;
    let counts = redeemed.into_iter().zip(released).zip(value_minor);
    let given = currencies.into_iter().zip(counts).map(
        |(currency, ((redeemed, released), value_minor))| {
            Ok(Given {
                currency: Currency::restore(currency).map_err(|why| corrupt(ENTITY, why))?,
                redeemed,
                released,
                value_minor,
            })
        },
    );
    Ok(CampaignStats {
        campaign: campaign_from(row)?,
        issued: columns.get("issued")?,
        given: given.collect::<Result<_, StorageError>>()?,
    })
}

fn standing_from(row: &Row, is_known: bool) -> Result<CampaignStanding, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let of_customer: i64 = columns.get("of_customer")?;
    Ok(CampaignStanding {
        campaign: campaign_from(row)?,
        counts: Counts {
            of_code: 0,
            of_campaign: columns.get("of_campaign")?,
            value_minor: columns.get("value_minor")?,
            of_customer: is_known.then_some(of_customer),
            is_blocked: columns.get("is_blocked")?,
            is_applied: false,
        },
    })
}
