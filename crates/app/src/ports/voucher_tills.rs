//! Vouchers that many redeem in one transaction.

use async_trait::async_trait;
use domain::{
    ids::OrganizationId,
    vouchers::{Redemption, Till, VoucherCode},
};

use super::StorageError;

/// The tills of vouchers, as seen from inside one transaction.
#[cfg_attr(feature = "test-support", mockall::automock)]
#[async_trait]
pub trait VoucherTills: Send {
    /// Finds a voucher to be redeemed by customers of these names. MUST keep it, its campaign and the counts that its limits go
    /// by from changing until the transaction ends; MUST NOT make those wait who redeem something that has no limit in common
    /// with it.
    async fn open(
        &mut self,
        organization_id: OrganizationId,
        code: &VoucherCode,
        names: &[String],
    ) -> Result<Option<Till>, StorageError>;

    /// Stores what was redeemed at an open one, and how much was redeemed by then. MUST leave nothing behind of those who were
    /// refused.
    async fn close(&mut self, till: &Till, redemptions: &[Redemption]) -> Result<(), StorageError>;
}
