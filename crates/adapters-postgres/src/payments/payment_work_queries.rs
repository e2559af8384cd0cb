//! What is due, for reading.

use app::ports::{PaymentWorkQueries, StorageError, WorkFigures, WorkKey};
use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, PaymentId, RefundId},
    payments::ProviderName,
};
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{columns::Columns, database::Database, error::unavailable, listing::collect};

const ENTITY: &str = "work on payments";

const LIST_DUE: &str = "
    (SELECT organization_id, id AS payment_id, NULL::uuid AS refund_id, due_at FROM payments
      WHERE provider = $1 AND due_at <= $2 ORDER BY due_at LIMIT $3)
     UNION ALL
    (SELECT organization_id, payment_id, id, due_at FROM refunds
      WHERE provider = $1 AND due_at <= $2 ORDER BY due_at LIMIT $3)
      ORDER BY due_at LIMIT $3";

const FIGURES: &str = "
    SELECT (SELECT count(*) FROM payments WHERE due_at <= $1) + (SELECT count(*) FROM refunds WHERE due_at <= $1) AS due,
           at_provider, unknown, unknown_since, (SELECT count(*) FROM payment_dead_letters) AS dead
      FROM (SELECT count(*) FILTER (WHERE is_taken_on) AS at_provider, count(*) FILTER (WHERE NOT is_taken_on) AS unknown,
                   min(unknown_since) FILTER (WHERE NOT is_taken_on) AS unknown_since
              FROM (SELECT unknown_since, provider_reference IS NOT NULL AS is_taken_on FROM payments
                     WHERE unknown_since IS NOT NULL
                     UNION ALL
                    SELECT unknown_since, provider_reference IS NOT NULL FROM refunds
                     WHERE unknown_since IS NOT NULL) AS in_doubt) AS counted";

/// Finds what is due.
#[derive(Clone)]
pub struct PgPaymentWorkQueries {
    database: Database,
}

impl PgPaymentWorkQueries {
    /// In this database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl PaymentWorkQueries for PgPaymentWorkQueries {
    async fn list_due(
        &self,
        provider: &ProviderName,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<WorkKey>, StorageError> {
        let rows = self
            .database
            .query(LIST_DUE, &[&provider.as_str(), &now, &limit])
            .await?;
        collect(&rows, key_from)
    }

    async fn figures(&self, now: Timestamp) -> Result<WorkFigures, StorageError> {
        let row = self.database.query_opt(FIGURES, &[&now]).await?;
        let row = row.ok_or_else(|| unavailable("nothing was counted"))?;
        let columns = Columns::of(ENTITY, &row);
        Ok(WorkFigures {
            due: columns.get("due")?,
            at_provider: columns.get("at_provider")?,
            unknown: columns.get("unknown")?,
            unknown_since: columns.get("unknown_since")?,
            dead: columns.get("dead")?,
        })
    }
}

fn key_from(row: &Row) -> Result<WorkKey, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let refund_id: Option<Uuid> = columns.get("refund_id")?;
    Ok(WorkKey {
        organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
        payment_id: PaymentId::from_uuid(columns.get("payment_id")?),
        refund_id: refund_id.map(RefundId::from_uuid),
    })
}
