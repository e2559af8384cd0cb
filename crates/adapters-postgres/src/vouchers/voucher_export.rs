//! All vouchers of a campaign, a piece at a time. Each piece is a query of its own, so that a slow reader holds no connection
//! and no snapshot between two of them.

use std::sync::LazyLock;

use app::ports::{StorageError, VoucherExport};
use async_trait::async_trait;
use domain::{
    ids::{CampaignId, OrganizationId, VoucherId},
    vouchers::VoucherFacts,
};
use uuid::Uuid;

use super::voucher_row::{COLUMNS, voucher_from};
use crate::{database::Database, listing::collect};

/// A piece: some 200 KiB of memory.
const PIECE: i64 = 1_000;

/// Ids are in the order in which vouchers are issued.
static LIST: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM vouchers AS voucher
          WHERE organization_id = $1 AND campaign_id = $2 AND id > $3 ORDER BY id LIMIT $4"
    )
});

/// Reads all vouchers of a campaign.
pub struct PgVoucherExport {
    database: Database,
}

impl PgVoucherExport {
    /// Those of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl VoucherExport for PgVoucherExport {
    async fn list_after(
        &self,
        (organization_id, campaign_id): (OrganizationId, CampaignId),
        after: Option<VoucherId>,
    ) -> Result<Vec<VoucherFacts>, StorageError> {
        let of = (organization_id.as_uuid(), campaign_id.as_uuid());
        let after = after.map_or(Uuid::nil(), |id| id.as_uuid());
        let rows = self
            .database
            .query(&LIST, &[&of.0, &of.1, &after, &PIECE])
            .await?;
        collect(&rows, voucher_from)
    }
}
