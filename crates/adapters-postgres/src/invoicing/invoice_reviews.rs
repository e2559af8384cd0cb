//! What the review of invoices reads and writes.

use std::sync::LazyLock;

use app::ports::{InvoiceReviews, Lookalike, StorageError};
use async_trait::async_trait;
use domain::{
    ids::{InvoiceId, OrganizationId},
    invoicing::Invoice,
};
use jiff::{SignedDuration, Timestamp};
use tokio_postgres::Row;
use uuid::Uuid;

use super::{
    invoice_row::{FACTS_COLUMNS, facts_from},
    review_document::review_column,
};
use crate::unit_of_work::{OwnedParam, PgUnitOfWork};

static LIST_FOR_UPDATE: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {FACTS_COLUMNS} FROM invoices WHERE id = ANY ($1) ORDER BY id FOR UPDATE")
});

/// Who compares the same look waits here, so that each sees what the other has remembered.
const TAKE_TURNS: &str = "SELECT pg_advisory_xact_lock(look) FROM unnest($1::bigint[]) AS look";

const FIND_TWINS: &str = "
    SELECT (SELECT other.invoice_id
              FROM invoice_likenesses AS other JOIN invoices ON invoices.id = other.invoice_id
             WHERE other.organization_id = mine.organization_id AND other.likeness = mine.likeness
               AND other.created_at BETWEEN mine.earliest AND mine.latest
               AND other.invoice_id <> mine.invoice_id AND invoices.status <> 'cancelled'
             ORDER BY other.created_at LIMIT 1) AS twin
      FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::timestamptz[], $5::timestamptz[]) WITH ORDINALITY
           AS mine (invoice_id, organization_id, likeness, earliest, latest, place)
     ORDER BY place";

const REMEMBER: &str = "
    INSERT INTO invoice_likenesses (invoice_id, organization_id, likeness, created_at)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::timestamptz[])
    ON CONFLICT (invoice_id) DO UPDATE SET likeness = excluded.likeness";

const RECORD: &str = "
    UPDATE invoices SET review = $3, updated_at = $4, version = $5 WHERE id = $1 AND organization_id = $2";

const FORGET: &str = "
    DELETE FROM invoice_likenesses
     WHERE invoice_id IN (
        SELECT invoice_id FROM invoice_likenesses WHERE created_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)";

#[async_trait]
impl InvoiceReviews for PgUnitOfWork {
    async fn list_for_update(
        &mut self,
        wanted: &[(OrganizationId, InvoiceId)],
    ) -> Result<Vec<Invoice>, StorageError> {
        let ids: Vec<_> = wanted.iter().map(|(_, id)| id.as_uuid()).collect();
        let rows = self.query(&LIST_FOR_UPDATE, &[&ids]).await?;
        let facts: Result<Vec<_>, _> = rows.iter().map(facts_from).collect();
        let mut facts = facts?;
        facts.retain(|it| wanted.contains(&(it.organization_id, it.id)));
        Ok(facts.into_iter().map(Invoice::restore).collect())
    }

    async fn find_twins(
        &mut self,
        lookalikes: &[Lookalike],
        window: SignedDuration,
    ) -> Result<Vec<Option<InvoiceId>>, StorageError> {
        self.query(TAKE_TURNS, &[&looks(lookalikes)]).await?;
        let looked_at = Arrays::of(lookalikes);
        let instants = lookalikes.iter().map(|it| it.created_at);
        let earliest: Vec<_> = instants
            .clone()
            .map(|made| made.saturating_sub(window).unwrap_or(Timestamp::MIN))
            .collect();
        let latest: Vec<_> = instants
            .map(|made| made.saturating_add(window).unwrap_or(Timestamp::MAX))
            .collect();
        let Arrays {
            ids,
            organizations,
            likenesses,
            ..
        } = &looked_at;
        let rows = self
            .query(
                FIND_TWINS,
                &[ids, organizations, likenesses, &earliest, &latest],
            )
            .await?;
        self.defer(REMEMBER, looked_at.into_params());
        let stored = rows.iter().map(twin_from);
        Ok(stored
            .enumerate()
            .map(|(place, twin)| twin.or_else(|| twin_before(lookalikes, place, window)))
            .collect())
    }

    async fn record(&mut self, invoice: &Invoice) -> Result<(), StorageError> {
        let facts = invoice.facts();
        let columns: Vec<OwnedParam> = vec![
            Box::new(facts.id.as_uuid()),
            Box::new(facts.organization_id.as_uuid()),
            review_column(&facts.review),
            Box::new(facts.updated_at),
            Box::new(facts.version.as_i64()),
        ];
        self.defer(RECORD, columns);
        Ok(())
    }

    async fn forget_looks(&mut self, before: Timestamp, limit: i64) -> Result<u64, StorageError> {
        self.execute(FORGET, &[&before, &limit]).await
    }
}

fn twin_from(row: &Row) -> Option<InvoiceId> {
    let twin: Option<Uuid> = row.get("twin");
    twin.map(InvoiceId::from_uuid)
}

/// One that came together with it.
fn twin_before(
    lookalikes: &[Lookalike],
    place: usize,
    window: SignedDuration,
) -> Option<InvoiceId> {
    let (before, mine) = (lookalikes.get(..place)?, lookalikes.get(place)?);
    let is_twin = |other: &&Lookalike| {
        (other.organization_id, other.likeness) == (mine.organization_id, mine.likeness)
            && other.created_at.duration_since(mine.created_at).abs() <= window
    };
    before.iter().find(is_twin).map(|twin| twin.id)
}

/// A number for each look, each once and in order: whoever takes several takes them in the same order as others do.
fn looks(lookalikes: &[Lookalike]) -> Vec<i64> {
    let number = |it: &Lookalike| {
        let head = it.likeness.0.first_chunk().copied();
        head.map_or(0, i64::from_be_bytes)
    };
    let mut looks: Vec<_> = lookalikes.iter().map(number).collect();
    looks.sort_unstable();
    looks.dedup();
    looks
}

struct Arrays {
    ids: Vec<Uuid>,
    organizations: Vec<Uuid>,
    likenesses: Vec<Vec<u8>>,
    created_at: Vec<Timestamp>,
}

impl Arrays {
    fn of(lookalikes: &[Lookalike]) -> Self {
        let all = || lookalikes.iter();
        Self {
            ids: all().map(|it| it.id.as_uuid()).collect(),
            organizations: all().map(|it| it.organization_id.as_uuid()).collect(),
            likenesses: all().map(|it| it.likeness.0.to_vec()).collect(),
            created_at: all().map(|it| it.created_at).collect(),
        }
    }

    fn into_params(self) -> Vec<OwnedParam> {
        vec![
            Box::new(self.ids),
            Box::new(self.organizations),
            Box::new(self.likenesses),
            Box::new(self.created_at),
        ]
    }
}
