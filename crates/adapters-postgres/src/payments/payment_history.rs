//! What happened to a payment, for reading.

use app::{
    paging::{Listing, Position, Window},
    payments::PaymentHistoryEntry,
    ports::StorageError,
};
use domain::ids::{OrganizationId, PaymentId};
use tokio_postgres::Row;

use crate::{
    columns::Columns,
    database::Database,
    invoicing::actor_from,
    listing::{Bounds, collect, counted_max, total_of},
};

const ENTITY: &str = "history of a payment";

const EXISTS: &str = "SELECT FROM payments WHERE organization_id = $1 AND id = $2";

/// By version: clocks differ between instances, and several things may happen to a payment in one instant.
const LIST: &str = "
    SELECT entry.event_id, entry.type, entry.status, entry.attempt, entry.answer_code, entry.actor_kind, entry.actor,
           key.name AS key_name, entry.occurred_at, entry.version, entry.changes
      FROM payment_events AS entry
      LEFT JOIN api_keys AS key ON key.id = CASE entry.actor_kind WHEN 'api_key' THEN entry.actor::uuid END
                               AND key.organization_id = $1
     WHERE entry.payment_id = $2
       AND ($3::uuid IS NULL
            OR entry.version < (SELECT version FROM payment_events WHERE payment_id = $2 AND event_id = $3))
     ORDER BY entry.version DESC
    OFFSET $4 LIMIT $5";

const COUNT: &str =
    "SELECT count(*) FROM (SELECT FROM payment_events WHERE payment_id = $1 LIMIT $2) AS counted";

pub(super) async fn exists(
    database: &Database,
    organization_id: OrganizationId,
    id: PaymentId,
) -> Result<bool, StorageError> {
    let params = [organization_id.as_uuid(), id.as_uuid()];
    let found = database
        .query_opt(EXISTS, &[&params[0], &params[1]])
        .await?;
    Ok(found.is_some())
}

pub(super) async fn read_history(
    database: &Database,
    organization_id: OrganizationId,
    id: PaymentId,
    window: Window,
) -> Result<Option<Listing<PaymentHistoryEntry>>, StorageError> {
    if !exists(database, organization_id, id).await? {
        return Ok(None);
    }
    let (organization, payment) = (organization_id.as_uuid(), id.as_uuid());
    let bounds = Bounds::of(window);
    let event = bounds.before_id();
    let rows = database
        .query(
            LIST,
            &[
                &organization,
                &payment,
                &event,
                &bounds.offset,
                &bounds.fetched(),
            ],
        )
        .await?;
    let total = if bounds.is_counted {
        let row = database
            .query_opt(COUNT, &[&payment, &counted_max()])
            .await?;
        row.map(|row| total_of(row.get(0)))
    } else {
        None
    };
    let position_of = |entry: &PaymentHistoryEntry| Position {
        created_at: entry.occurred_at,
        id: entry.id,
    };
    let entries = collect(&rows, entry_from)?;
    Ok(Some(bounds.listing(entries, position_of, total)))
}

fn entry_from(row: &Row) -> Result<PaymentHistoryEntry, StorageError> {
    let columns = Columns::of(ENTITY, row);
    Ok(PaymentHistoryEntry {
        id: columns.get("event_id")?,
        event_type: columns.get("type")?,
        status: columns.get("status")?,
        attempt: columns.get("attempt")?,
        answer_code: columns.get("answer_code")?,
        actor: actor_from(columns)?,
        occurred_at: columns.get("occurred_at")?,
        version: columns.get("version")?,
        changes: columns.json("changes")?,
    })
}
