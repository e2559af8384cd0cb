//! Reading the aggregates that the projections are made of anew, a piece at a time: campaigns, vouchers, redemptions.

use std::sync::LazyLock;

use app::ports::{Projected, StorageError, StoredPlace, VoucherUse};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    listing::collect,
    unit_of_work::PgUnitOfWork,
    vouchers::{
        campaign_row::{self, campaign_from},
        redemption_row::{self, redemption_from},
        voucher_row::{self, voucher_from},
    },
};

pub(super) const COUNT: &str = "
    SELECT (SELECT count(*) FROM campaigns) + (SELECT count(*) FROM vouchers)
         + (SELECT count(*) FROM voucher_redemptions) AS count";

fn behind(columns: &str, table: &str) -> String {
    format!(
        "SELECT {columns} FROM {table} WHERE (organization_id, id) > ($1, $2) ORDER BY organization_id, id LIMIT $3"
    )
}

static CAMPAIGNS: LazyLock<String> =
    LazyLock::new(|| behind(campaign_row::COLUMNS, "campaigns AS campaign"));
static VOUCHERS: LazyLock<String> =
    LazyLock::new(|| behind(voucher_row::COLUMNS, "vouchers AS voucher"));
static REDEMPTIONS: LazyLock<String> =
    LazyLock::new(|| behind(redemption_row::COLUMNS, "voucher_redemptions"));

impl PgUnitOfWork {
    /// A piece of one kind; where a kind ends, the next begins.
    pub(super) async fn read_stored_behind(
        &mut self,
        after: StoredPlace,
        limit: i64,
    ) -> Result<(Projected, Option<StoredPlace>), StorageError> {
        let nobody = (Uuid::nil(), Uuid::nil());
        let mut read = Projected::default();
        let mut place = after;
        if let StoredPlace::Start | StoredPlace::Campaign(..) = place {
            let behind = match place {
                StoredPlace::Campaign(owner, id) => (owner.as_uuid(), id.as_uuid()),
                _ => nobody,
            };
            read.campaigns = self.piece(&CAMPAIGNS, behind, limit, campaign_from).await?;
            if let Some(last) = read.campaigns.last() {
                let next = StoredPlace::Campaign(last.organization_id, last.id);
                return Ok((read, Some(next)));
            }
            place = StoredPlace::Start;
        }
        if let StoredPlace::Start | StoredPlace::Voucher(..) = place {
            let behind = match place {
                StoredPlace::Voucher(owner, id) => (owner.as_uuid(), id.as_uuid()),
                _ => nobody,
            };
            read.vouchers = self.piece(&VOUCHERS, behind, limit, voucher_from).await?;
            if let Some(last) = read.vouchers.last() {
                let next = StoredPlace::Voucher(last.organization_id, last.id);
                return Ok((read, Some(next)));
            }
        }
        let behind = match place {
            StoredPlace::Use(owner, id) => (owner.as_uuid(), id.as_uuid()),
            _ => nobody,
        };
        read.uses = self.piece(&REDEMPTIONS, behind, limit, use_from).await?;
        let next = read.uses.last().map(|last| {
            let (owner, id) = (last.organization_id, last.id);
            StoredPlace::Use(owner, id)
        });
        Ok((read, next))
    }

    async fn piece<T>(
        &mut self,
        sql: &'static str,
        (owner, id): (Uuid, Uuid),
        limit: i64,
        from: impl Fn(&Row) -> Result<T, StorageError>,
    ) -> Result<Vec<T>, StorageError> {
        let rows = self.query(sql, &[&owner, &id, &limit]).await?;
        collect(&rows, from)
    }
}

fn use_from(row: &Row) -> Result<VoucherUse, StorageError> {
    redemption_from(row).map(|facts| VoucherUse::from(&facts))
}
