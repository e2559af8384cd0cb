//! Counting redemptions up to their limits.
//!
//! Each counter is a row that is only changed by a statement which looks at the limit itself, behind the lock of the row: so
//! limits hold exactly, and nobody waits who has no limit in common. The order is the same for all: the code, the customer,
//! the campaign.

use app::ports::{StorageError, VoucherClaim};
use domain::{
    ids::{CampaignId, VoucherId},
    vouchers::{Cap, Reason, RedemptionFacts},
};

use super::campaign_repository::LOCK_SHARED;
use crate::{columns::Columns, unit_of_work::PgUnitOfWork};

/// One more use, unless there are as many as there may be, and its value, unless the sum would be more than it may be.
const COUNT: &str = "
    INSERT INTO voucher_counters AS counter (campaign_id, scope, uses, value_minor)
    SELECT $1::uuid, $2::text, 1, $3::bigint WHERE $5::bigint IS NULL OR $3::bigint <= $5::bigint
    ON CONFLICT (campaign_id, scope) DO UPDATE
       SET uses = counter.uses + 1, value_minor = counter.value_minor + $3
     WHERE ($4::bigint IS NULL OR counter.uses < $4)
       AND ($5::bigint IS NULL OR counter.value_minor + $3 <= $5)";

/// The same uses for more or less, unless the sum would be more than it may be.
const REVALUE: &str = "
    UPDATE voucher_counters SET value_minor = greatest(value_minor + $2::bigint, 0)
     WHERE campaign_id = $1 AND scope = 'total'
       AND ($2::bigint <= 0 OR $3::bigint IS NULL OR value_minor + $2::bigint <= $3::bigint)";

const IS_USED_UP: &str = "SELECT uses >= $2 AS is_used_up FROM voucher_counters WHERE campaign_id = $1 AND scope = 'total'";

/// Nothing where nothing is counted, and never less than nothing: while there was no limit, uses were not counted that are
/// taken back now. A limit that comes, or comes again, counts all of them anew.
const TAKE_BACK: &str = "
    UPDATE voucher_counters SET uses = greatest(uses - 1, 0), value_minor = greatest(value_minor - $3, 0)
     WHERE campaign_id = $1 AND scope = $2";

pub(super) const TOTAL: &str = "total";

pub(super) fn scope_of(voucher_id: VoucherId) -> String {
    format!("code:{voucher_id}")
}

impl PgUnitOfWork {
    /// Counts a redemption at all that is limited.
    pub(super) async fn count(
        &mut self,
        claim: &VoucherClaim,
    ) -> Result<Option<Reason>, StorageError> {
        let (voucher_id, per_code) = claim.voucher;
        if per_code.is_some() {
            let scope = scope_of(voucher_id);
            if !self.count_use(claim.campaign_id, &scope, per_code).await? {
                return Ok(Some(Reason::VoucherExhausted));
            }
        }
        if let Some(reason) = self.count_holder(claim, &claim.holder).await? {
            return Ok(Some(reason));
        }
        self.count_total(claim).await
    }

    /// Counts that what was redeemed `before` is what is claimed now.
    pub(super) async fn recount_one(
        &mut self,
        before: &RedemptionFacts,
        claim: &VoucherClaim,
    ) -> Result<Option<Reason>, StorageError> {
        let names = before.use_of.holder.names();
        let is_new = |name: &&String| !names.contains(name);
        let new: Vec<_> = claim.holder.iter().filter(is_new).cloned().collect();
        if names != claim.holder && claim.holder.is_empty() && claim.limits.per_customer.is_some() {
            return Ok(Some(Reason::VoucherCustomerLimit));
        }
        for gone in names.iter().filter(|name| !claim.holder.contains(name)) {
            self.take_back(claim.campaign_id, gone.clone(), 0);
        }
        if let Some(reason) = self.count_holder(claim, &new).await? {
            return Ok(Some(reason));
        }
        let limits = claim.limits;
        let more = claim.amount_minor - before.use_of.amount_minor;
        if more == 0 || (limits.redemptions.is_none() && limits.budget.is_none()) {
            return Ok(None);
        }
        let campaign = claim.campaign_id.as_uuid();
        let budget = limits.budget.map(Cap::get);
        let revalued = self.execute(REVALUE, &[&campaign, &more, &budget]).await?;
        Ok((revalued == 0).then_some(Reason::CampaignBudgetExhausted))
    }

    /// Takes a redemption out of all counts.
    pub(super) fn uncount(&mut self, redemption: &RedemptionFacts) {
        let use_of = &redemption.use_of;
        let campaign_id = use_of.campaign_id;
        // Whoever counts anew does not come in between.
        self.defer(LOCK_SHARED, vec![Box::new(campaign_id.as_uuid())]);
        self.take_back(campaign_id, scope_of(use_of.voucher_id), 0);
        for name in use_of.holder.names() {
            self.take_back(campaign_id, name, 0);
        }
        self.take_back(campaign_id, TOTAL.to_owned(), use_of.amount_minor);
    }

    fn take_back(&mut self, campaign_id: CampaignId, scope: String, value_minor: i64) {
        let campaign = campaign_id.as_uuid();
        self.defer(
            TAKE_BACK,
            vec![Box::new(campaign), Box::new(scope), Box::new(value_minor)],
        );
    }

    async fn count_holder(
        &mut self,
        claim: &VoucherClaim,
        names: &[String],
    ) -> Result<Option<Reason>, StorageError> {
        let per_customer = claim.limits.per_customer;
        if per_customer.is_none() {
            return Ok(None);
        }
        for name in names {
            if !self
                .count_use(claim.campaign_id, name, per_customer)
                .await?
            {
                return Ok(Some(Reason::VoucherCustomerLimit));
            }
        }
        Ok(None)
    }

    async fn count_use(
        &mut self,
        campaign_id: CampaignId,
        scope: &str,
        most: Option<Cap>,
    ) -> Result<bool, StorageError> {
        let (campaign, most) = (campaign_id.as_uuid(), most.map(Cap::get));
        let nothing: (i64, Option<i64>) = (0, None);
        let params: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [&campaign, &scope, &nothing.0, &most, &nothing.1];
        Ok(self.execute(COUNT, &params).await? > 0)
    }

    async fn count_total(&mut self, claim: &VoucherClaim) -> Result<Option<Reason>, StorageError> {
        let limits = claim.limits;
        if limits.redemptions.is_none() && limits.budget.is_none() {
            return Ok(None);
        }
        let campaign = claim.campaign_id.as_uuid();
        let (most, budget) = (
            limits.redemptions.map(Cap::get),
            limits.budget.map(Cap::get),
        );
        let params: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [&campaign, &TOTAL, &claim.amount_minor, &most, &budget];
        if self.execute(COUNT, &params).await? > 0 {
            return Ok(None);
        }
        // The row is locked by now, though it was not changed: what it says is what has refused.
        let row = self.query_opt(IS_USED_UP, &[&campaign, &most]).await?;
        let told = row.map(|row| Columns::of("voucher counter", &row).get("is_used_up"));
        let is_used_up: Option<bool> = told.transpose()?.flatten();
        Ok(Some(if is_used_up == Some(true) {
            Reason::VoucherExhausted
        } else {
            Reason::CampaignBudgetExhausted
        }))
    }
}
