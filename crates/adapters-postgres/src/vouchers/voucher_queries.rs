//! Campaigns and vouchers, for reading. Newest first is by id, since ids are in time order.

use std::sync::LazyLock;

use app::{
    paging::{Listing, Position, Window},
    ports::{CampaignFilter, StorageError, VoucherFilter, VoucherQueries, VoucherStanding},
};
use async_trait::async_trait;
use domain::{
    ids::{CampaignId, OrganizationId},
    vouchers::{CampaignFacts, Holder, VoucherCode, VoucherFacts},
};
use tokio_postgres::Row;

use super::{
    campaign_row::{self, campaign_from},
    standing::{FIND_STANDING, standing_from},
    voucher_repository::FIND,
    voucher_row::{self, voucher_from},
};
use crate::{
    database::Database,
    listing::{Bounds, collect, counted_max, total_of},
    query_text::Conditions,
};

static FIND_CAMPAIGN: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {} FROM campaigns AS campaign WHERE organization_id = $1 AND id = $2",
        campaign_row::COLUMNS
    )
});

/// Reads campaigns and vouchers.
pub struct PgVoucherQueries {
    database: Database,
}

impl PgVoucherQueries {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }

    async fn list_of<T>(
        &self,
        list: List<'_>,
        read: impl Fn(&Row) -> Result<T, StorageError>,
        position_of: impl Fn(&T) -> Position,
    ) -> Result<Listing<T>, StorageError> {
        let List {
            columns,
            table,
            conditions,
            window,
        } = list;
        let bounds = Bounds::of(window);
        let total = if bounds.is_counted {
            let mut counted = conditions.clone();
            let limit = counted.param(counted_max());
            let rows = format!("SELECT FROM {table} WHERE {} LIMIT {limit}", counted.text());
            let sql = format!("SELECT count(*) FROM ({rows}) AS counted");
            let row = self.database.query_opt(&sql, &counted.params()).await?;
            row.map(|row| total_of(row.get(0)))
        } else {
            None
        };
        let mut listed = conditions;
        if let Some(id) = bounds.before_id() {
            listed.and("id < ?", id);
        }
        let (offset, limit) = (listed.param(bounds.offset), listed.param(bounds.fetched()));
        let sql = format!(
            "SELECT {columns} FROM {table} WHERE {} ORDER BY id DESC OFFSET {offset} LIMIT {limit}",
            listed.text()
        );
        let rows = self.database.query(&sql, &listed.params()).await?;
        Ok(bounds.listing(collect(&rows, read)?, position_of, total))
    }
}

/// A list that somebody asks for.
struct List<'a> {
    columns: &'a str,
    table: &'a str,
    conditions: Conditions,
    window: Window,
}

#[async_trait]
impl VoucherQueries for PgVoucherQueries {
    async fn find_campaign(
        &self,
        organization_id: OrganizationId,
        id: CampaignId,
    ) -> Result<Option<CampaignFacts>, StorageError> {
        let params = [organization_id.as_uuid(), id.as_uuid()];
        let row = self
            .database
            .query_opt(&FIND_CAMPAIGN, &[&params[0], &params[1]])
            .await?;
        row.as_ref().map(campaign_from).transpose()
    }

    async fn list_campaigns(
        &self,
        organization_id: OrganizationId,
        filter: &CampaignFilter,
        window: Window,
    ) -> Result<Listing<CampaignFacts>, StorageError> {
        let mut conditions = Conditions::default();
        conditions.and("organization_id = ?", organization_id.as_uuid());
        if let Some(status) = filter.status {
            conditions.and("status = ?", status.code());
        }
        let list = List {
            columns: campaign_row::COLUMNS,
            table: "campaigns AS campaign",
            conditions,
            window,
        };
        let position_of = |it: &CampaignFacts| Position {
            created_at: it.created_at,
            id: it.id.as_uuid(),
        };
        self.list_of(list, campaign_from, position_of).await
    }

    async fn find(
        &self,
        organization_id: OrganizationId,
        code: &VoucherCode,
    ) -> Result<Option<VoucherFacts>, StorageError> {
        let row = self
            .database
            .query_opt(&FIND, &[&organization_id.as_uuid(), &code.as_str()])
            .await?;
        row.as_ref().map(voucher_from).transpose()
    }

    async fn list(
        &self,
        organization_id: OrganizationId,
        filter: &VoucherFilter,
        window: Window,
    ) -> Result<Listing<VoucherFacts>, StorageError> {
        let mut conditions = Conditions::default();
        conditions.and("organization_id = ?", organization_id.as_uuid());
        if let Some(id) = filter.campaign_id {
            conditions.and("campaign_id = ?", id.as_uuid());
        }
        if let Some(status) = filter.status {
            // Written out, so that PostgreSQL sees whether they are the rare ones, which have an index.
            conditions.and_fixed(&format!("status = '{}'", status.code()));
        }
        let list = List {
            columns: voucher_row::COLUMNS,
            table: "vouchers AS voucher",
            conditions,
            window,
        };
        let position_of = |it: &VoucherFacts| Position {
            created_at: it.created_at,
            id: it.id.as_uuid(),
        };
        self.list_of(list, voucher_from, position_of).await
    }

    async fn find_standing(
        &self,
        organization_id: OrganizationId,
        code: &VoucherCode,
        holder: &Holder,
    ) -> Result<Option<VoucherStanding>, StorageError> {
        let names = holder.names();
        let row = self
            .database
            .query_opt(
                &FIND_STANDING,
                &[&organization_id.as_uuid(), &code.as_str(), &names],
            )
            .await?;
        row.as_ref()
            .map(|row| standing_from(row, holder))
            .transpose()
    }
}
