//! All vouchers of a campaign, a piece at a time.

use async_trait::async_trait;
use domain::{
    ids::{CampaignId, OrganizationId, VoucherId},
    vouchers::VoucherFacts,
};

use super::StorageError;

/// Reads all vouchers of a campaign.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait VoucherExport: Send + Sync {
    /// The vouchers that follow one (or are the first), in the order in which they were issued; none at the end. Whoever takes
    /// their time between two pieces MUST NOT hold anything up, nor miss or repeat a voucher that was there all the time.
    async fn list_after(
        &self,
        of: (OrganizationId, CampaignId),
        after: Option<VoucherId>,
    ) -> Result<Vec<VoucherFacts>, StorageError>;
}
