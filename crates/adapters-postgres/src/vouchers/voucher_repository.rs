//! The vouchers of a transaction.

use std::{collections::HashSet, sync::LazyLock};

use app::ports::{StorageError, VoucherRepository, VoucherStanding, Written};
use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, VoucherId},
    vouchers::{Holder, Voucher, VoucherCode},
};

use super::{
    many_vouchers::insert_all,
    standing::{FIND_STANDING, standing_from},
    voucher_row::{COLUMNS, columns, voucher_from},
};
use crate::unit_of_work::{OwnedParam, PgUnitOfWork};

/// The campaign of a code never changes, so that it can be locked before anything is read that may.
pub(super) const LOCK_CAMPAIGN_SHARED: &str = "
    SELECT pg_advisory_xact_lock_shared(hashtextextended(campaign_id::text, 2)) FROM vouchers
     WHERE organization_id = $1 AND code = $2";

const LOCK_CAMPAIGN_ALONE: &str = "
    SELECT pg_advisory_xact_lock(hashtextextended(campaign_id::text, 2)) FROM vouchers
     WHERE organization_id = $1 AND code = $2";

pub(super) static FIND: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {COLUMNS} FROM vouchers AS voucher WHERE organization_id = $1 AND code = $2")
});

const INSERT: &str = "
    INSERT INTO vouchers (organization_id, id, campaign_id, code, status, max_redemptions, metadata, created_at,
                          updated_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (organization_id, code) DO NOTHING";

const UPDATE: &str = "
    UPDATE vouchers
       SET campaign_id = $3, code = $4, status = $5, max_redemptions = $6, metadata = $7, created_at = $8,
           updated_at = $9, version = $10
     WHERE organization_id = $1 AND id = $2";

#[async_trait]
impl VoucherRepository for PgUnitOfWork {
    async fn find_for_redeeming(
        &mut self,
        organization_id: OrganizationId,
        code: &VoucherCode,
        holder: &Holder,
    ) -> Result<Option<VoucherStanding>, StorageError> {
        let lock: Vec<OwnedParam> = vec![
            Box::new(organization_id.as_uuid()),
            Box::new(code.as_str().to_owned()),
        ];
        // It travels with what is read behind it, which is read once the lock is there.
        self.defer(LOCK_CAMPAIGN_SHARED, lock);
        let names = holder.names();
        let row = self
            .query_opt(
                &FIND_STANDING,
                &[&organization_id.as_uuid(), &code.as_str(), &names],
            )
            .await?;
        row.as_ref()
            .map(|row| standing_from(row, holder))
            .transpose()
    }

    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        code: &VoucherCode,
    ) -> Result<Option<Voucher>, StorageError> {
        let organization = organization_id.as_uuid();
        self.query(LOCK_CAMPAIGN_ALONE, &[&organization, &code.as_str()])
            .await?;
        let row = self
            .query_opt(&FIND, &[&organization, &code.as_str()])
            .await?;
        let facts = row.as_ref().map(voucher_from).transpose()?;
        Ok(facts.map(Voucher::restore))
    }

    async fn insert(&mut self, voucher: &Voucher) -> Result<Written, StorageError> {
        self.write(INSERT, &columns(voucher.facts())).await
    }

    async fn insert_all(
        &mut self,
        vouchers: &[Voucher],
    ) -> Result<HashSet<VoucherId>, StorageError> {
        insert_all(self, vouchers).await
    }

    async fn update(&mut self, voucher: &Voucher) -> Result<(), StorageError> {
        self.defer(UPDATE, columns(voucher.facts()));
        Ok(())
    }
}
