//! Rows of the log.

use app::{
    events::{CloudEvent, EventKind, EventPosition, LoggedEvent},
    ports::StorageError,
};
use domain::ids::{EventId, OrganizationId};
use tokio_postgres::Row;

use crate::columns::Columns;

const ENTITY: &str = "event";

/// What an event is read from: a position `p` and its row `o` of the outbox.
pub(super) const COLUMNS: &str = "
    p.position, p.shard, o.event_id, o.organization_id, o.aggregate_type, o.aggregate_id, o.aggregate_version, o.type,
    o.payload::text AS payload, o.trace_context, o.created_at";

/// The row of a position, looked up for each: a join of both tables is never worth it.
pub(super) const OUTBOX_ROW: &str = "
    CROSS JOIN LATERAL (SELECT * FROM outbox
                         WHERE day = p.day AND xact_id = p.xact_id AND id = p.id OFFSET 0) AS o";

pub(super) fn event_from(row: &Row) -> Result<LoggedEvent, StorageError> {
    let columns = Columns::of(ENTITY, row);
    Ok(LoggedEvent {
        position: EventPosition::new(columns.get("position")?),
        shard: columns.get("shard")?,
        event: CloudEvent {
            id: EventId::from_uuid(columns.get("event_id")?),
            organization_id: OrganizationId::from_uuid(columns.get("organization_id")?),
            kind: EventKind::of(columns.get("aggregate_type")?),
            aggregate_id: columns.get("aggregate_id")?,
            sequence: columns.get("aggregate_version")?,
            event_type: columns.get("type")?,
            occurred_at: columns.get("created_at")?,
            traceparent: columns.get("trace_context")?,
            data: columns.get("payload")?,
        },
    })
}
