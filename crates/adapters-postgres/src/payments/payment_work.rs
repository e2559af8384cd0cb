//! What workers have to do, inside of a transaction. Rows are locked in the order payment, refund, and by their ids.

use std::sync::LazyLock;

use app::ports::{LockedWork, PaymentWork, ProviderNotice, StorageError, WorkKey};
use async_trait::async_trait;
use domain::{
    payments::{Payment, Refund},
    version::Version,
};
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    payment_row::{COLUMNS, payment_from},
    refund_row::{COLUMNS as REFUND_COLUMNS, refund_from},
};
use crate::{columns::Columns, listing::collect, unit_of_work::PgUnitOfWork};

static LOCK_DUE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM payments JOIN unnest($1::uuid[], $2::uuid[]) AS wanted (of_organization, this_id)
             ON organization_id = of_organization AND id = this_id
          WHERE due_at <= $3 ORDER BY id FOR UPDATE OF payments SKIP LOCKED",
        COLUMNS = *COLUMNS
    )
});

static LOCK_OF_REFUNDS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM payments JOIN unnest($1::uuid[], $2::uuid[]) AS wanted (of_organization, this_id)
             ON organization_id = of_organization AND id = this_id
          ORDER BY id FOR UPDATE OF payments SKIP LOCKED",
        COLUMNS = *COLUMNS
    )
});

static LOCK_DUE_REFUNDS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM refunds JOIN unnest($1::uuid[], $2::uuid[]) AS wanted (of_organization, this_id)
             ON organization_id = of_organization AND id = this_id
          WHERE due_at <= $3 AND payment_id = ANY ($4) ORDER BY id FOR UPDATE OF refunds SKIP LOCKED",
        COLUMNS = *REFUND_COLUMNS
    )
});

static LOCK_UNCHANGED: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM payments
          WHERE organization_id = $1 AND id = $2 AND ($3::bigint IS NULL OR version = $3) FOR UPDATE",
        COLUMNS = *COLUMNS
    )
});

static LOCK_UNCHANGED_REFUND: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM refunds WHERE organization_id = $1 AND id = $2 AND version = $3 FOR UPDATE",
        COLUMNS = *REFUND_COLUMNS
    )
});

/// What a provider is just being asked about is left to whoever asks, who learns of the notice when the answer leaves it open.
const HASTEN: &str = "
    UPDATE payments
       SET due_at = CASE status WHEN 'unknown' THEN least(due_at, $4) ELSE due_at END, noticed_at = $4
     WHERE due_at IS NOT NULL AND status <> 'pending' AND provider = $1
       AND (id = ANY ($2) OR provider_reference = ANY ($3))";

const HASTEN_REFUNDS: &str = "
    UPDATE refunds
       SET due_at = CASE status WHEN 'unknown' THEN least(due_at, $4) ELSE due_at END, noticed_at = $4
     WHERE due_at IS NOT NULL AND status <> 'pending' AND provider = $1
       AND (id = ANY ($2) OR provider_reference = ANY ($3))";

const PUT_OFF: &str = "
    UPDATE payments SET due_at = $3 FROM unnest($1::uuid[], $2::uuid[]) AS wanted (of_organization, this_id)
     WHERE organization_id = of_organization AND id = this_id AND status = 'unknown'";

const PUT_OFF_REFUNDS: &str = "
    UPDATE refunds SET due_at = $3 FROM unnest($1::uuid[], $2::uuid[]) AS wanted (of_organization, this_id)
     WHERE organization_id = of_organization AND id = this_id AND status = 'unknown'";

const IS_NOTICED: &str = "
    SELECT EXISTS (SELECT FROM payments WHERE organization_id = $1 AND id = $2 AND noticed_at > $3)
        OR EXISTS (SELECT FROM refunds WHERE organization_id = $1 AND id = $2 AND noticed_at > $3) AS is_noticed";

#[async_trait]
impl PaymentWork for PgUnitOfWork {
    async fn lock_due(
        &mut self,
        wanted: &[WorkKey],
        now: Timestamp,
    ) -> Result<Vec<LockedWork>, StorageError> {
        let (refunds, payments): (Vec<_>, Vec<_>) =
            wanted.iter().partition(|key| key.refund_id.is_some());
        let mut locked = Vec::with_capacity(wanted.len());
        if !payments.is_empty() {
            let [organizations, ids] = columns(&payments, WorkKey::id);
            let rows = self.query(&LOCK_DUE, &[&organizations, &ids, &now]).await?;
            let payments = collect(&rows, payment_of)?;
            locked.extend(payments.into_iter().map(Box::new).map(LockedWork::Payment));
        }
        if !refunds.is_empty() {
            locked.extend(self.lock_due_refunds(&refunds, now).await?);
        }
        Ok(locked)
    }

    async fn put_off(
        &mut self,
        asked_about: &[WorkKey],
        until: Timestamp,
    ) -> Result<(), StorageError> {
        let (refunds, payments): (Vec<_>, Vec<_>) =
            asked_about.iter().partition(|key| key.refund_id.is_some());
        for (sql, keys) in [(PUT_OFF, payments), (PUT_OFF_REFUNDS, refunds)] {
            if !keys.is_empty() {
                let [organizations, ids] = columns(&keys, WorkKey::id);
                self.execute(sql, &[&organizations, &ids, &until]).await?;
            }
        }
        Ok(())
    }

    async fn lock_unchanged(
        &mut self,
        key: WorkKey,
        version: Version,
    ) -> Result<Option<LockedWork>, StorageError> {
        let organization_id = key.organization_id.as_uuid();
        let payment_version = key.refund_id.is_none().then(|| version.as_i64());
        let id = key.payment_id.as_uuid();
        let params: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
            [&organization_id, &id, &payment_version];
        let row = self.query_opt(&LOCK_UNCHANGED, &params).await?;
        let Some(payment) = row.as_ref().map(payment_of).transpose()? else {
            return Ok(None);
        };
        let Some(refund_id) = key.refund_id else {
            return Ok(Some(LockedWork::Payment(Box::new(payment))));
        };
        let (id, version) = (refund_id.as_uuid(), version.as_i64());
        let row = self
            .query_opt(&LOCK_UNCHANGED_REFUND, &[&organization_id, &id, &version])
            .await?;
        let refund = row.as_ref().map(refund_of).transpose()?;
        let payment = Box::new(payment);
        Ok(refund.map(|refund| LockedWork::Refund {
            refund: Box::new(refund),
            payment,
        }))
    }

    async fn hasten(
        &mut self,
        notice: &ProviderNotice,
        now: Timestamp,
    ) -> Result<u64, StorageError> {
        let (provider, keys) = (notice.provider.as_str(), &notice.keys);
        let references = &notice.references;
        let payments = self
            .execute(HASTEN, &[&provider, keys, references, &now])
            .await?;
        let refunds = self
            .execute(HASTEN_REFUNDS, &[&provider, keys, references, &now])
            .await?;
        Ok(payments + refunds)
    }

    async fn is_noticed_since(
        &mut self,
        key: WorkKey,
        since: Timestamp,
    ) -> Result<bool, StorageError> {
        let (owner, id) = (key.organization_id.as_uuid(), key.id());
        let row = self.query_opt(IS_NOTICED, &[&owner, &id, &since]).await?;
        let found = row.map(|row| Columns::of("payment", &row).get("is_noticed"));
        found.unwrap_or(Ok(false))
    }
}

impl PgUnitOfWork {
    async fn lock_due_refunds(
        &mut self,
        wanted: &[&WorkKey],
        now: Timestamp,
    ) -> Result<Vec<LockedWork>, StorageError> {
        let [organizations, ids] = columns(wanted, |key| key.payment_id.as_uuid());
        let rows = self
            .query(&LOCK_OF_REFUNDS, &[&organizations, &ids])
            .await?;
        let payments = collect(&rows, payment_of)?;
        let locked: Vec<Uuid> = payments.iter().map(|it| it.facts().id.as_uuid()).collect();
        let [organizations, ids] = columns(wanted, WorkKey::id);
        let rows = self
            .query(&LOCK_DUE_REFUNDS, &[&organizations, &ids, &now, &locked])
            .await?;
        let with_payment = |refund: Refund| {
            let of = |payment: &&Payment| payment.facts().id == refund.facts().payment_id;
            let payment = payments.iter().find(of)?.clone();
            Some(LockedWork::Refund {
                refund: Box::new(refund),
                payment: Box::new(payment),
            })
        };
        let refunds = collect(&rows, refund_of)?;
        Ok(refunds.into_iter().filter_map(with_payment).collect())
    }
}

fn columns(keys: &[&WorkKey], id: impl Fn(&WorkKey) -> Uuid) -> [Vec<Uuid>; 2] {
    let organizations = keys.iter().map(|key| key.organization_id.as_uuid());
    let mut ids: Vec<_> = organizations.zip(keys.iter().map(|key| id(key))).collect();
    ids.sort_unstable();
    // Two refunds of one payment name it twice.
    ids.dedup();
    let (organizations, ids) = ids.into_iter().unzip();
    [organizations, ids]
}

fn payment_of(row: &Row) -> Result<Payment, StorageError> {
    payment_from(row).map(Payment::restore)
}

fn refund_of(row: &Row) -> Result<Refund, StorageError> {
    refund_from(row).map(Refund::restore)
}
