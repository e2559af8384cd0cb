//! The campaigns of a transaction.
//!
//! Whoever redeems or issues a voucher shares a lock on its campaign; whoever changes the campaign or a voucher of it has the lock
//! alone. It is one of those in memory, which are given in the order in which they are asked for, so that a change does not
//! wait for ever where vouchers are redeemed all the time.

use std::sync::LazyLock;

use app::ports::{CampaignRepository, StorageError};
use async_trait::async_trait;
use domain::{
    ids::{CampaignId, OrganizationId},
    vouchers::{Campaign, CampaignFacts},
};

use super::campaign_row::{COLUMNS, campaign_from, columns};
use crate::unit_of_work::{OwnedParam, PgUnitOfWork};

static FIND: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM campaigns AS campaign WHERE campaign.organization_id = $1 AND campaign.id = $2"
    )
});

pub(super) const LOCK_ALONE: &str =
    "SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 2))";

pub(super) const LOCK_SHARED: &str =
    "SELECT pg_advisory_xact_lock_shared(hashtextextended($1::uuid::text, 2))";

const INSERT: &str = "
    INSERT INTO campaigns (organization_id, id, name, kind, status, percent_bps, amount_minor, currency, max_discount_minor,
                           min_total_minor, valid_from, valid_until, max_redemptions, max_redemptions_per_code,
                           max_redemptions_per_customer, budget_minor, metadata, created_at, updated_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";

const UPDATE: &str = "
    UPDATE campaigns
       SET name = $3, kind = $4, status = $5, percent_bps = $6, amount_minor = $7, currency = $8, max_discount_minor = $9,
           min_total_minor = $10, valid_from = $11, valid_until = $12, max_redemptions = $13, max_redemptions_per_code = $14,
           max_redemptions_per_customer = $15, budget_minor = $16, metadata = $17, created_at = $18, updated_at = $19,
           version = $20
     WHERE organization_id = $1 AND id = $2";

const FORGET_COUNTS: &str = "DELETE FROM voucher_counters WHERE campaign_id = $1";

/// The row of the campaign is there even where nothing was redeemed: a redemption that is for more than before looks for it.
const COUNT: &str = "
    WITH live AS (
        SELECT voucher_id, holder, amount_minor FROM voucher_redemptions WHERE campaign_id = $1 AND released_at IS NULL)
    INSERT INTO voucher_counters (campaign_id, scope, uses, value_minor)
    SELECT $1, 'total', count(*), coalesce(sum(amount_minor), 0)::bigint FROM live
    UNION ALL
    SELECT $1, 'code:' || voucher_id, count(*), 0 FROM live GROUP BY voucher_id
    UNION ALL
    SELECT $1, name, count(*), 0 FROM live, unnest(holder) AS name GROUP BY name";

impl PgUnitOfWork {
    async fn read_campaign(
        &mut self,
        organization_id: OrganizationId,
        id: CampaignId,
    ) -> Result<Option<CampaignFacts>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self.query_opt(&FIND, &[&params[0], &params[1]]).await?;
        row.as_ref().map(campaign_from).transpose()
    }
}

#[async_trait]
impl CampaignRepository for PgUnitOfWork {
    async fn find(
        &mut self,
        organization_id: OrganizationId,
        id: CampaignId,
    ) -> Result<Option<CampaignFacts>, StorageError> {
        // It travels with what is read behind it, which is read once the lock is there.
        self.defer(LOCK_SHARED, vec![Box::new(id.as_uuid())]);
        self.read_campaign(organization_id, id).await
    }

    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: CampaignId,
    ) -> Result<Option<Campaign>, StorageError> {
        // A statement of its own: the next one sees what was committed while this one waited.
        self.query(LOCK_ALONE, &[&id.as_uuid()]).await?;
        let found = self.read_campaign(organization_id, id).await?;
        Ok(found.map(Campaign::restore))
    }

    async fn insert(&mut self, campaign: &Campaign) -> Result<(), StorageError> {
        self.defer(INSERT, columns(campaign.facts()));
        Ok(())
    }

    async fn update(&mut self, campaign: &Campaign) -> Result<(), StorageError> {
        self.defer(UPDATE, columns(campaign.facts()));
        Ok(())
    }

    async fn recount(&mut self, id: CampaignId) -> Result<(), StorageError> {
        let of = || -> Vec<OwnedParam> { vec![Box::new(id.as_uuid())] };
        self.defer(FORGET_COUNTS, of());
        self.defer(COUNT, of());
        Ok(())
    }
}
