//! Finding invoices that are to be marked as overdue.

use std::sync::LazyLock;

use app::ports::StorageError;
use domain::invoicing::{Invoice, InvoiceFacts};
use jiff::civil::Date;
use tokio_postgres::Row;
use uuid::Uuid;

use super::invoice_row::{FACTS_COLUMNS, facts_from};
use crate::unit_of_work::PgUnitOfWork;

/// One sweep at a time in the whole deployment: the ASCII codes of "sweep".
const TRY_TO_SWEEP: &str = "SELECT pg_try_advisory_xact_lock(495723996528) AS is_ours";

/// What nothing is due on is never late. A batch is full as long as there are enough that nobody has locked, however many are
/// locked before them.
static LIST_FOR_UPDATE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "
    SELECT {FACTS_COLUMNS} FROM invoices
     WHERE status IN ('sent', 'viewed') AND due_date < $1 AND total_minor <> 0 AND id <> ALL ($3)
     ORDER BY due_date, id LIMIT $2
       FOR UPDATE SKIP LOCKED"
    )
});

/// Finds late invoices, in id order. One that cannot be read is not in the way of the others, of whatever organization:
/// it is told in the log, and another one takes its place.
pub(super) async fn list_unswept(
    uow: &mut PgUnitOfWork,
    today: Date,
    limit: i64,
) -> Result<Vec<Invoice>, StorageError> {
    let lock = uow.query_opt(TRY_TO_SWEEP, &[]).await?;
    if !lock.is_some_and(|row| row.get("is_ours")) {
        return Ok(Vec::new());
    }
    let mut late = Vec::new();
    let mut passed: Vec<Uuid> = Vec::new();
    let mut missing = limit;
    while missing > 0 {
        let rows = uow
            .query(&LIST_FOR_UPDATE, &[&today, &missing, &passed])
            .await?;
        let found = rows.len();
        for row in &rows {
            passed.push(row.get("id"));
            late.extend(readable(row));
        }
        let room = missing;
        missing = limit.saturating_sub(i64::try_from(late.len()).unwrap_or(limit));
        if i64::try_from(found).is_ok_and(|found| found < room) {
            break;
        }
    }
    late.sort_by_key(|facts| facts.id);
    Ok(late.into_iter().map(Invoice::restore).collect())
}

fn readable(row: &Row) -> Option<InvoiceFacts> {
    facts_from(row)
        .inspect_err(|error| {
            let (id, why): (Uuid, &dyn std::error::Error) = (row.get("id"), error);
            tracing::error!(invoice = %id, error = why, "an invoice cannot be read, so it does not become overdue");
        })
        .ok()
}
