//! Finding holds that nobody has taken in time.

use std::sync::LazyLock;

use app::ports::{HoldPlace, StorageError};
use domain::ledger::Hold;
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;

use super::hold_row::{COLUMNS, hold_from};
use crate::unit_of_work::PgUnitOfWork;

/// A batch is full as long as there are enough that nobody has locked, however many are locked before them.
static LIST_FOR_UPDATE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "
    SELECT {COLUMNS} FROM holds
     WHERE status = 'pending' AND expires_at <= $1 AND id <> ALL ($3)
       AND (expires_at, id) > (COALESCE($4, '-infinity'::timestamptz),
                               COALESCE($5, '00000000-0000-0000-0000-000000000000'::uuid))
     ORDER BY expires_at, id LIMIT $2
       FOR UPDATE SKIP LOCKED"
    )
});

/// Finds late holds. One that cannot be read is not in the way of the others, of whatever organization: it is told in the
/// log, and another one takes its place.
pub(super) async fn list_expired(
    uow: &mut PgUnitOfWork,
    now: Timestamp,
    after: Option<HoldPlace>,
    limit: i64,
) -> Result<Vec<Hold>, StorageError> {
    let (time, id) = after
        .map(|place| (place.expires_at, place.id.as_uuid()))
        .unzip();
    let mut late = Vec::new();
    let mut passed: Vec<Uuid> = Vec::new();
    let mut missing = limit;
    while missing > 0 {
        let rows = uow
            .query(&LIST_FOR_UPDATE, &[&now, &missing, &passed, &time, &id])
            .await?;
        passed.extend(rows.iter().map(|row| row.get::<_, Uuid>("id")));
        late.extend(rows.iter().filter_map(readable));
        let is_end = i64::try_from(rows.len()).is_ok_and(|found| found < missing);
        missing = limit.saturating_sub(i64::try_from(late.len()).unwrap_or(limit));
        if is_end {
            break;
        }
    }
    Ok(late)
}

fn readable(row: &Row) -> Option<Hold> {
    hold_from(row)
        .inspect_err(|error| {
            let (id, why): (Uuid, &dyn std::error::Error) = (row.get("id"), error);
            tracing::error!(hold = %id, error = why, "a hold cannot be read, so it does not expire");
        })
        .ok()
        .map(Hold::restore)
}
