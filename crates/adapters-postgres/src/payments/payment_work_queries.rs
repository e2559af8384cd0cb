//! What is due, for reading.

use std::collections::HashMap;

use app::{
    ports::{PaymentWorkQueries, StorageError, WorkFigures, WorkKey},
    traces::TraceContext,
};
use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, PaymentId, RefundId},
    payments::{AnswerCode, ProviderName},
};
use jiff::{SignedDuration, Timestamp};
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

const LIST_SUSPECTED: &str = "
    SELECT organization_id, payment_id, NULL::uuid AS refund_id FROM suspected_returns
     WHERE provider = $1 AND due_at <= $2 ORDER BY due_at LIMIT $3";

/// What a provider has taken on and not carried out for longer than this is in doubt as well: payouts take days.
const TAKEN_ON_FOR: SignedDuration = SignedDuration::from_hours(10 * 24);

const FIGURES: &str = "
    SELECT (SELECT count(*) FROM payments WHERE due_at <= $1) + (SELECT count(*) FROM refunds WHERE due_at <= $1) AS due,
           at_provider, unknown, unknown_since, (SELECT count(*) FROM payment_dead_letters) AS dead
      FROM (SELECT count(*) FILTER (WHERE is_taken_on) AS at_provider, count(*) FILTER (WHERE NOT is_taken_on) AS unknown,
                   min(unknown_since) FILTER (WHERE NOT is_taken_on) AS unknown_since
              FROM (SELECT unknown_since,
                           provider_reference IS NOT NULL AND answer_code IS DISTINCT FROM $2 AND unknown_since > $3 AS is_taken_on
                      FROM (SELECT unknown_since, provider_reference, answer_code FROM payments
                             WHERE unknown_since IS NOT NULL
                             UNION ALL
                            SELECT unknown_since, provider_reference, answer_code FROM refunds
                             WHERE unknown_since IS NOT NULL) AS unsettled) AS in_doubt) AS counted";

const CAUSES: &str = "
    SELECT id, coalesce(of_payment, of_refund) AS trace_context
      FROM (SELECT id,
                   (SELECT trace_context FROM payment_events WHERE payment_id = id AND trace_context IS NOT NULL
                     ORDER BY version DESC LIMIT 1) AS of_payment,
                   (SELECT trace_context FROM refund_events WHERE refund_id = id AND trace_context IS NOT NULL
                     ORDER BY version DESC LIMIT 1) AS of_refund
              FROM unnest($1::uuid[]) AS wanted (id)) AS found
     WHERE of_payment IS NOT NULL OR of_refund IS NOT NULL";

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

    async fn list_suspected(
        &self,
        provider: &ProviderName,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<WorkKey>, StorageError> {
        let rows = self
            .database
            .query(LIST_SUSPECTED, &[&provider.as_str(), &now, &limit])
            .await?;
        collect(&rows, key_from)
    }

    async fn causes(&self, ids: &[Uuid]) -> Result<HashMap<Uuid, TraceContext>, StorageError> {
        let rows = self.database.query(CAUSES, &[&ids]).await?;
        let mut causes = HashMap::with_capacity(rows.len());
        for row in &rows {
            let columns = Columns::of(ENTITY, row);
            let raw: &str = columns.get("trace_context")?;
            if let Some(cause) = TraceContext::parse(raw) {
                causes.insert(columns.get("id")?, cause);
            }
        }
        Ok(causes)
    }

    async fn figures(&self, now: Timestamp) -> Result<WorkFigures, StorageError> {
        let taken_on_since = now.saturating_sub(TAKEN_ON_FOR).unwrap_or(now);
        let row = self
            .database
            .query_opt(
                FIGURES,
                &[&now, &AnswerCode::WRONG_AMOUNT.as_str(), &taken_on_since],
            )
            .await?;
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
