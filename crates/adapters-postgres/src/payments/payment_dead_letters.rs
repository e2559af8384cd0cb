//! Payments and refunds that were given up.

use std::sync::LazyLock;

use app::{
    paging::{Listing, Position, Window},
    ports::{
        DeadPayment, DeadPaymentView, PaymentDeadLetterQueries, PaymentDeadLetters, StorageError,
        WorkKey,
    },
};
use async_trait::async_trait;
use domain::{
    ids::{OrganizationId, PaymentId, RefundId},
    payments::{Direction, ProviderName},
};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    columns::Columns,
    database::Database,
    error::corrupt,
    listing::{Bounds, collect, counted_max, total_of},
    unit_of_work::PgUnitOfWork,
};

const ENTITY: &str = "dead letter of a payment";

const COLUMNS: &str = "id, organization_id, payment_id, refund_id, provider, direction, amount_minor, currency, attempts, \
                       answer_code, accepted_at, dead_at";

const FORGET_EARLIER: &str =
    "DELETE FROM payment_dead_letters WHERE coalesce(refund_id, payment_id) = $1";

static INSERT: LazyLock<String> = LazyLock::new(|| {
    format!(
        r#"INSERT INTO payment_dead_letters ({COLUMNS}, story)
           SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, coalesce(json_agg(json_build_object(
                      'version', version, 'type', type, 'status', status, 'attempt', attempt, 'answer_code', answer_code,
                      'occurred_at', to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
                      ORDER BY occurred_at, stage, version), '[]')
             FROM (SELECT 1 AS stage, version, type, status, attempt, answer_code, occurred_at
                     FROM payment_events WHERE payment_id = $3
                   UNION ALL
                   SELECT 2, version, type, status, attempt, answer_code, occurred_at
                     FROM refund_events WHERE refund_id = $4) AS told"#
    )
});

static FIND_FOR_UPDATE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM payment_dead_letters WHERE id = $1 AND organization_id = $2 FOR UPDATE"
    )
});

const REMOVE: &str = "DELETE FROM payment_dead_letters WHERE id = $1";

static LIST: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS}, story FROM payment_dead_letters
          WHERE organization_id = $1 AND ($2::timestamptz IS NULL OR (dead_at, id) < ($2, $3))
          ORDER BY dead_at DESC, id DESC OFFSET $4 LIMIT $5"
    )
});

const COUNT: &str = "
    SELECT count(*) AS counted FROM (SELECT FROM payment_dead_letters WHERE organization_id = $1 LIMIT $2) AS letters";

#[async_trait]
impl PaymentDeadLetters for PgUnitOfWork {
    async fn insert(&mut self, dead: &DeadPayment) -> Result<(), StorageError> {
        self.execute(FORGET_EARLIER, &[&dead.key.id()]).await?;
        let attempts = i32::try_from(dead.attempts).unwrap_or(i32::MAX);
        let refund_id = dead.key.refund_id.map(|id| id.as_uuid());
        self.execute(
            &INSERT,
            &[
                &dead.id,
                &dead.key.organization_id.as_uuid(),
                &dead.key.payment_id.as_uuid(),
                &refund_id,
                &dead.provider.as_str(),
                &dead.direction.code(),
                &dead.amount_minor,
                &dead.currency,
                &attempts,
                &dead.answer_code,
                &dead.accepted_at,
                &dead.dead_at,
            ],
        )
        .await
        .map(|_| ())
    }

    async fn find_for_update(
        &mut self,
        organization_id: OrganizationId,
        id: Uuid,
    ) -> Result<Option<DeadPayment>, StorageError> {
        let found = self
            .query_opt(&FIND_FOR_UPDATE, &[&id, &organization_id.as_uuid()])
            .await?;
        found.as_ref().map(dead_from).transpose()
    }

    async fn remove(&mut self, id: Uuid) -> Result<(), StorageError> {
        self.execute(REMOVE, &[&id]).await.map(|_| ())
    }
}

/// Lists dead letters.
#[derive(Clone)]
pub struct PgPaymentDeadLetterQueries {
    database: Database,
}

impl PgPaymentDeadLetterQueries {
    /// Those in this database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }
}

#[async_trait]
impl PaymentDeadLetterQueries for PgPaymentDeadLetterQueries {
    async fn list(
        &self,
        organization_id: OrganizationId,
        window: Window,
    ) -> Result<Listing<DeadPaymentView>, StorageError> {
        let (bounds, owner) = (Bounds::of(window), organization_id.as_uuid());
        let rows = self
            .database
            .query(
                &LIST,
                &[
                    &owner,
                    &bounds.before_created_at(),
                    &bounds.before_id(),
                    &bounds.offset,
                    &bounds.fetched(),
                ],
            )
            .await?;
        let rows = collect(&rows, |row| {
            Ok(DeadPaymentView {
                dead: dead_from(row)?,
                story: Columns::of(ENTITY, row).json("story")?,
            })
        })?;
        let total = if bounds.is_counted {
            let params: [&(dyn tokio_postgres::types::ToSql + Sync); 2] = [&owner, &counted_max()];
            let row = self.database.query_opt(COUNT, &params).await?;
            let counted = row.map(|row| Columns::of(ENTITY, &row).get("counted"));
            counted.transpose()?.map(total_of)
        } else {
            None
        };
        let position = |view: &DeadPaymentView| Position {
            created_at: view.dead.dead_at,
            id: view.dead.id,
        };
        Ok(bounds.listing(rows, position, total))
    }
}

fn dead_from(row: &Row) -> Result<DeadPayment, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let refund_id: Option<Uuid> = columns.get("refund_id")?;
    let attempts: i32 = columns.get("attempts")?;
    Ok(DeadPayment {
        id: columns.get("id")?,
        key: WorkKey {
            organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
            payment_id: PaymentId::from_uuid(columns.get("payment_id")?),
            refund_id: refund_id.map(RefundId::from_uuid),
        },
        provider: columns.parse("provider", ProviderName::parse)?,
        direction: columns.parse("direction", Direction::parse)?,
        amount_minor: columns.get("amount_minor")?,
        currency: columns.get("currency")?,
        attempts: u32::try_from(attempts).map_err(|why| corrupt(ENTITY, why))?,
        answer_code: columns.get("answer_code")?,
        accepted_at: columns.get("accepted_at")?,
        dead_at: columns.get("dead_at")?,
    })
}
