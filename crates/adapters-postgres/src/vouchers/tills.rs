//! Vouchers that many redeem in one transaction.
//!
//! The counters that limits go by are locked in the order in which single redemptions take them: the code, the customers by
//! name, the campaign. A counter that is not there yet is made, since what is not there cannot be locked; one that counts
//! nothing in the end is gone again.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use app::ports::{StorageError, VoucherTills};
use async_trait::async_trait;
use domain::{
    ids::OrganizationId,
    vouchers::{CampaignFacts, Redemption, Sums, Till, VoucherCode, VoucherFacts},
};
use tokio_postgres::Row;

use super::{
    campaign_row::{self, campaign_from},
    counters::{TOTAL, scope_of},
    many_redemptions,
    voucher_repository::LOCK_CAMPAIGN_SHARED,
    voucher_row::{self, voucher_from},
};
use crate::{
    columns::Columns,
    unit_of_work::{OwnedParam, PgUnitOfWork},
};

/// By organization, code, and the names of customers.
static FIND: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {}, {},
                ARRAY(SELECT name FROM voucher_blocklist
                       WHERE organization_id = $1 AND name = ANY ($3::text[])) AS blocked
           FROM vouchers AS voucher
           JOIN campaigns AS campaign
             ON campaign.organization_id = voucher.organization_id AND campaign.id = voucher.campaign_id
          WHERE voucher.organization_id = $1 AND voucher.code = $2",
        campaign_row::COLUMNS,
        voucher_row::COLUMNS
    )
});

const LOCK_COUNTERS: &str = "
    INSERT INTO voucher_counters AS counter (campaign_id, scope, uses, value_minor)
    SELECT $1, scope, 0, 0 FROM unnest($2::text[]) WITH ORDINALITY AS wanted (scope, place) ORDER BY place
    ON CONFLICT (campaign_id, scope) DO UPDATE SET uses = counter.uses
    RETURNING scope, uses, value_minor";

/// Those that nothing was redeemed of, of which no trace is to stay.
const DROP_UNUSED: &str = "
    DELETE FROM voucher_counters
     WHERE campaign_id = $1 AND scope = ANY ($2::text[]) AND uses = 0 AND value_minor = 0";

const COUNT: &str = "
    UPDATE voucher_counters AS counter SET uses = now.uses, value_minor = now.value_minor
      FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS now (scope, uses, value_minor)
     WHERE counter.campaign_id = $1 AND counter.scope = now.scope";

#[async_trait]
impl VoucherTills for PgUnitOfWork {
    async fn open(
        &mut self,
        organization_id: OrganizationId,
        code: &VoucherCode,
        names: &[String],
    ) -> Result<Option<Till>, StorageError> {
        self.find_row_by_row();
        let owner = organization_id.as_uuid();
        let lock: Vec<OwnedParam> = vec![Box::new(owner), Box::new(code.as_str().to_owned())];
        // It travels with what is read behind it, which is read once the lock is there.
        self.defer(LOCK_CAMPAIGN_SHARED, lock);
        let found = self
            .query_opt(&FIND, &[&owner, &code.as_str(), &names])
            .await?;
        let Some(row) = found else {
            return Ok(None);
        };
        let (campaign, voucher) = (campaign_from(&row)?, voucher_from(&row)?);
        let blocked: Vec<String> = Columns::of("voucher block", &row).get("blocked")?;
        let sums = self.lock_sums((&campaign, &voucher), names).await?;
        let blocked = BTreeSet::from_iter(blocked);
        Ok(Some(Till::new((campaign, voucher), sums, blocked)))
    }

    async fn close(&mut self, till: &Till, redemptions: &[Redemption]) -> Result<(), StorageError> {
        let of = (till.campaign(), till.voucher());
        let limited = Limited::of(of, till.sums().of_names.keys().cloned());
        let (mut scopes, mut uses, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let mut unused = Vec::new();
        for (scope, count, value_minor) in limited.counted(till.sums()) {
            if count == 0 && value_minor == 0 {
                unused.push(scope);
                continue;
            }
            scopes.push(scope);
            uses.push(count);
            values.push(value_minor);
        }
        let campaign = till.campaign().id.as_uuid();
        if !unused.is_empty() {
            self.defer(DROP_UNUSED, vec![Box::new(campaign), Box::new(unused)]);
        }
        if redemptions.is_empty() {
            return Ok(());
        }
        if !scopes.is_empty() {
            let params: Vec<OwnedParam> = vec![
                Box::new(campaign),
                Box::new(scopes),
                Box::new(uses),
                Box::new(values),
            ];
            self.defer(COUNT, params);
        }
        self.defer(
            many_redemptions::INSERT_ALL,
            many_redemptions::params(redemptions),
        );
        Ok(())
    }
}

impl PgUnitOfWork {
    async fn lock_sums(
        &mut self,
        of: (&CampaignFacts, &VoucherFacts),
        names: &[String],
    ) -> Result<Sums, StorageError> {
        let limited = Limited::of(of, names.iter().cloned());
        let scopes = limited.scopes();
        if scopes.is_empty() {
            return Ok(Sums::default());
        }
        let campaign = of.0.id.as_uuid();
        let rows = self.query(LOCK_COUNTERS, &[&campaign, &scopes]).await?;
        let read = |row: &Row| {
            let columns = Columns::of("voucher counter", row);
            let scope: String = columns.get("scope")?;
            let counted: (i64, i64) = (columns.get("uses")?, columns.get("value_minor")?);
            Ok((scope, counted))
        };
        let mut counted = rows
            .iter()
            .map(read)
            .collect::<Result<BTreeMap<_, _>, StorageError>>()?;
        let (of_campaign, value_minor) = counted.remove(TOTAL).unwrap_or_default();
        let code = counted.remove(&scope_of(of.1.id)).unwrap_or_default();
        let uses = |(name, (uses, _)): (String, (i64, i64))| (name, uses);
        Ok(Sums {
            of_code: code.0,
            of_campaign,
            value_minor,
            of_names: counted.into_iter().map(uses).collect(),
        })
    }
}

/// What is counted of a voucher, since a limit needs it.
struct Limited {
    code: Option<String>,
    names: BTreeSet<String>,
    is_total: bool,
}

impl Limited {
    fn of(
        (campaign, voucher): (&CampaignFacts, &VoucherFacts),
        names: impl Iterator<Item = String>,
    ) -> Self {
        let limits = campaign.terms.limits;
        let is_by_name = limits.per_customer.is_some();
        Self {
            code: voucher.cap(limits.per_code).map(|_| scope_of(voucher.id)),
            names: names.filter(|_| is_by_name).collect(),
            is_total: limits.redemptions.is_some() || limits.budget.is_some(),
        }
    }

    /// In the order in which they are locked.
    fn scopes(&self) -> Vec<String> {
        let total = self.is_total.then(|| TOTAL.to_owned());
        let code = self.code.iter().cloned();
        code.chain(self.names.iter().cloned())
            .chain(total)
            .collect()
    }

    /// Each with how often it was used, and for how much where that is counted.
    fn counted(self, sums: &Sums) -> impl Iterator<Item = (String, i64, i64)> {
        let code = self.code.map(|scope| (scope, sums.of_code, 0));
        let count_of = |name| (sums.of_names.get(&name).copied().unwrap_or_default(), name);
        let names = self.names.into_iter().map(count_of);
        let total = (TOTAL.to_owned(), sums.of_campaign, sums.value_minor);
        code.into_iter()
            .chain(names.map(|(uses, name)| (name, uses, 0)))
            .chain(self.is_total.then_some(total))
    }
}
