//! Campaigns and vouchers, for reading. Newest first is by id, since ids are in time order.
//!
//! A single one is read from where it is written, since its version is what the next change goes by. Vouchers are listed from
//! the projection.

use std::sync::LazyLock;

use app::{
    paging::{Listing, Position, Total, Window},
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
    projection::IS_LIVE,
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

    pub(super) const fn database(&self) -> &Database {
        &self.database
    }

    pub(super) async fn list_of<T>(
        &self,
        list: List<'_>,
        read: impl Fn(&Row) -> Result<T, StorageError>,
        position_of: impl Fn(&T) -> Position,
    ) -> Result<Listing<T>, StorageError> {
        let bounds = Bounds::of(list.window);
        let reading = async |database: Database| list.read(&database, &bounds).await;
        let (rows, total) = self.database.read_list(reading).await?;
        Ok(bounds.listing(collect(&rows, read)?, position_of, total))
    }
}

/// A list that somebody asks for.
pub(super) struct List<'a> {
    pub(super) columns: &'a str,
    pub(super) table: &'a str,
    pub(super) conditions: Conditions,
    pub(super) window: Window,
}

impl List<'_> {
    async fn read(
        &self,
        database: &Database,
        bounds: &Bounds,
    ) -> Result<(Vec<Row>, Option<Total>), StorageError> {
        let total = if bounds.is_counted {
            self.count(database).await?
        } else {
            None
        };
        let mut listed = self.conditions.clone();
        if let Some(id) = bounds.before_id() {
            listed.and("id < ?", id);
        }
        let (offset, limit) = (listed.param(bounds.offset), listed.param(bounds.fetched()));
        let Self { columns, table, .. } = self;
        let sql = format!(
            "SELECT {columns} FROM {table} WHERE {} ORDER BY id DESC OFFSET {offset} LIMIT {limit}",
            listed.text()
        );
        let rows = database.query(&sql, &listed.params()).await?;
        Ok((rows, total))
    }

    async fn count(&self, database: &Database) -> Result<Option<Total>, StorageError> {
        let mut counted = self.conditions.clone();
        let limit = counted.param(counted_max());
        let text = counted.text();
        let rows = format!("SELECT FROM {} WHERE {text} LIMIT {limit}", self.table);
        let sql = format!("SELECT count(*) FROM ({rows}) AS counted");
        let row = database.query_opt(&sql, &counted.params()).await?;
        Ok(row.map(|row| total_of(row.get(0))))
    }
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
        conditions.and_fixed(IS_LIVE);
        conditions.and("organization_id = ?", organization_id.as_uuid());
        // What was redeemed of a voucher may be known before the voucher is.
        conditions.and_fixed("version > 0");
        if let Some(id) = filter.campaign_id {
            conditions.and("campaign_id = ?", id.as_uuid());
        }
        if let Some(status) = filter.status {
            // Written out, so that PostgreSQL sees whether they are the rare ones, which have an index.
            conditions.and_fixed(&format!("status = '{}'", status.code()));
        }
        let list = List {
            columns: voucher_row::COLUMNS,
            table: "voucher_search AS voucher",
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
