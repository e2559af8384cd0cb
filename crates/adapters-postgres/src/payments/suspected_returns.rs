//! Payouts that may have come back.

use app::ports::{ProviderNotice, StorageError, SuspectedReturn, SuspectedReturns, WorkKey};
use async_trait::async_trait;
use jiff::Timestamp;
use tokio_postgres::Row;

use crate::{columns::Columns, unit_of_work::PgUnitOfWork};

const ENTITY: &str = "payout that may have come back";

const SUSPECT: &str = "
    INSERT INTO suspected_returns (payment_id, organization_id, provider, noticed_at, due_at)
    SELECT id, organization_id, provider, $4, $4 FROM payments
     WHERE direction = 'payout' AND provider = $1 AND (id = ANY ($2) OR provider_reference = ANY ($3))
       AND status NOT IN ('failed', 'cancelled', 'refunded')
        ON CONFLICT (payment_id) DO UPDATE
       SET noticed_at = excluded.noticed_at, due_at = least(suspected_returns.due_at, excluded.due_at), denials = 0";

const LOCK_DUE: &str = "
    SELECT noticed_at, checks, denials FROM suspected_returns
     WHERE organization_id = $1 AND payment_id = $2 AND due_at <= $3 FOR UPDATE SKIP LOCKED";

const LOCK: &str = "
    SELECT noticed_at, checks, denials FROM suspected_returns WHERE organization_id = $1 AND payment_id = $2 FOR UPDATE";

const PUT_OFF: &str = "
    UPDATE suspected_returns SET due_at = $3, checks = $4, denials = $5 WHERE organization_id = $1 AND payment_id = $2";

const CLEAR: &str = "DELETE FROM suspected_returns WHERE organization_id = $1 AND payment_id = $2";

#[async_trait]
impl SuspectedReturns for PgUnitOfWork {
    async fn suspect(
        &mut self,
        notice: &ProviderNotice,
        now: Timestamp,
    ) -> Result<u64, StorageError> {
        let (provider, keys) = (notice.provider.as_str(), &notice.keys);
        let params: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
            [&provider, keys, &notice.references, &now];
        self.execute(SUSPECT, &params).await
    }

    async fn lock_due(
        &mut self,
        key: WorkKey,
        now: Timestamp,
    ) -> Result<Option<SuspectedReturn>, StorageError> {
        let [owner, id] = ids(key);
        let row = self.query_opt(LOCK_DUE, &[&owner, &id, &now]).await?;
        row.map(|row| suspect_from(key, &row)).transpose()
    }

    async fn lock(&mut self, key: WorkKey) -> Result<Option<SuspectedReturn>, StorageError> {
        let [owner, id] = ids(key);
        let row = self.query_opt(LOCK, &[&owner, &id]).await?;
        row.map(|row| suspect_from(key, &row)).transpose()
    }

    async fn put_off(
        &mut self,
        suspect: SuspectedReturn,
        due_at: Timestamp,
    ) -> Result<(), StorageError> {
        let [owner, id] = ids(suspect.key);
        let [checks, denials] =
            [suspect.checks, suspect.denials].map(|it| i32::try_from(it).unwrap_or(i32::MAX));
        let params: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
            [&owner, &id, &due_at, &checks, &denials];
        self.execute(PUT_OFF, &params).await.map(drop)
    }

    async fn clear(&mut self, key: WorkKey) -> Result<(), StorageError> {
        let [owner, id] = ids(key);
        self.execute(CLEAR, &[&owner, &id]).await.map(drop)
    }
}

fn ids(key: WorkKey) -> [uuid::Uuid; 2] {
    [key.organization_id.as_uuid(), key.payment_id.as_uuid()]
}

fn suspect_from(key: WorkKey, row: &Row) -> Result<SuspectedReturn, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let [checks, denials]: [i32; 2] = [columns.get("checks")?, columns.get("denials")?];
    Ok(SuspectedReturn {
        key,
        noticed_at: columns.get("noticed_at")?,
        checks: u32::try_from(checks).unwrap_or_default(),
        denials: u32::try_from(denials).unwrap_or_default(),
    })
}
