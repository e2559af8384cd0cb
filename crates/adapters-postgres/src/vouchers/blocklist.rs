//! Who may not redeem vouchers.

use app::ports::{StorageError, VoucherBlocklist};
use async_trait::async_trait;
use domain::ids::OrganizationId;

use crate::unit_of_work::PgUnitOfWork;

const BLOCK: &str = "
    INSERT INTO voucher_blocklist (organization_id, name, created_at)
    SELECT $1, name, $3 FROM unnest($2::text[]) AS name
    ON CONFLICT DO NOTHING";

const UNBLOCK: &str =
    "DELETE FROM voucher_blocklist WHERE organization_id = $1 AND name = ANY ($2::text[])";

#[async_trait]
impl VoucherBlocklist for PgUnitOfWork {
    async fn block(
        &mut self,
        organization_id: OrganizationId,
        names: Vec<String>,
    ) -> Result<(), StorageError> {
        let now = self.terms().now;
        self.execute(BLOCK, &[&organization_id.as_uuid(), &names, &now])
            .await
            .map(drop)
    }

    async fn unblock(
        &mut self,
        organization_id: OrganizationId,
        names: Vec<String>,
    ) -> Result<bool, StorageError> {
        let gone = self
            .execute(UNBLOCK, &[&organization_id.as_uuid(), &names])
            .await?;
        Ok(gone > 0)
    }
}
