//! What all invoices come to.

use app::{invoicing::SummaryRow, ports::StorageError};
use domain::{ids::OrganizationId, invoicing::InvoiceStatus};
use tokio_postgres::Row;

use crate::{
    columns::Columns,
    database::Database,
    error::{corrupt, unavailable},
};

const ENTITY: &str = "invoice summary";

/// The sums and what was not folded into them yet, both as of one moment.
const SUMMARY: &str = "
    SELECT currency, status, due_date, sum(count)::bigint AS count, sum(total_minor)::text AS total_minor,
           sum(due_minor)::text AS due_minor
      FROM (SELECT currency, status, due_date, count, total_minor, due_minor
              FROM invoice_summary WHERE organization_id = $1
            UNION ALL
            SELECT currency, status, due_date, count, total_minor, due_minor
              FROM invoice_summary_changes WHERE organization_id = $1) AS groups
     GROUP BY currency, status, due_date
    HAVING sum(count) <> 0";

/// Groups are written in one order, so that two that fold at once do not lock each other out.
const FOLD: &str = "
    WITH taken AS (
        DELETE FROM invoice_summary_changes
         WHERE ctid = ANY (ARRAY(SELECT ctid FROM invoice_summary_changes LIMIT $1 FOR UPDATE SKIP LOCKED))
        RETURNING organization_id, currency, status, due_date, count, total_minor, due_minor),
    folded AS (
        INSERT INTO invoice_summary (organization_id, currency, status, due_date, count, total_minor, due_minor)
        SELECT organization_id, currency, status, due_date, sum(count), sum(total_minor), sum(due_minor)
          FROM taken
         GROUP BY organization_id, currency, status, due_date
         ORDER BY organization_id, currency, status, due_date
        ON CONFLICT (organization_id, currency, status, due_date) DO UPDATE
           SET count = invoice_summary.count + excluded.count,
               total_minor = invoice_summary.total_minor + excluded.total_minor,
               due_minor = invoice_summary.due_minor + excluded.due_minor)
    SELECT count(*) FROM taken";

/// A group that everybody has left takes part in nothing. Whoever is writing to it keeps it.
const FORGET_EMPTY: &str = "
    DELETE FROM invoice_summary
     WHERE ctid = ANY (ARRAY(SELECT ctid FROM invoice_summary
                              WHERE count = 0 AND total_minor = 0 AND due_minor = 0 FOR UPDATE SKIP LOCKED))";

pub(super) async fn read_summary(
    database: &Database,
    organization_id: OrganizationId,
) -> Result<Vec<SummaryRow>, StorageError> {
    let rows = database
        .query(SUMMARY, &[&organization_id.as_uuid()])
        .await?;
    rows.iter().map(summary_row_from).collect()
}

fn summary_row_from(row: &Row) -> Result<SummaryRow, StorageError> {
    let columns = Columns::of(ENTITY, row);
    let sum = |column: &str| -> Result<i128, StorageError> {
        let text: &str = columns.get(column)?;
        text.parse()
            .map_err(|why: std::num::ParseIntError| corrupt(ENTITY, why))
    };
    Ok(SummaryRow {
        currency: columns.get("currency")?,
        status: columns.parse("status", InvoiceStatus::parse)?,
        due_date: columns.get("due_date")?,
        count: columns.get("count")?,
        total_minor: sum("total_minor")?,
        due_minor: sum("due_minor")?,
    })
}

/// Folds what writers have appended into the sums, so that reading them stays cheap.
pub struct PgSummaryFolding {
    database: Database,
}

impl PgSummaryFolding {
    /// That of a database.
    pub const fn new(database: Database) -> Self {
        Self { database }
    }

    /// Folds at most `limit` changes, and tells how many there were. Any number may fold at once.
    pub async fn fold(&self, limit: i64) -> Result<i64, StorageError> {
        let row = self.database.query_opt(FOLD, &[&limit]).await?;
        let folded = row.map(|row| row.get(0));
        let folded: i64 = folded.ok_or_else(|| unavailable("nothing was counted"))?;
        if folded > 0 {
            self.database.query(FORGET_EMPTY, &[]).await?;
        }
        Ok(folded)
    }
}
