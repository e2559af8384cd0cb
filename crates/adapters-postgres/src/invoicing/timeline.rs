//! What happened to an invoice, for reading.

use app::{
    invoicing::{TimelineActor, TimelineEntry},
    paging::{Listing, Position, Window},
    ports::StorageError,
};
use domain::ids::{InvoiceId, OrganizationId};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    columns::Columns,
    database::Database,
    error::corrupt,
    listing::{Bounds, collect, counted_max, total_of},
};

const ENTITY: &str = "timeline";

const EXISTS: &str = "SELECT FROM invoices WHERE organization_id = $1 AND id = $2";

const LIST: &str = "
    SELECT entry.event_id, entry.type, entry.actor_kind, entry.actor, key.name AS key_name, entry.occurred_at,
           entry.version, entry.changes
      FROM invoice_timeline AS entry
      LEFT JOIN api_keys AS key ON key.id = CASE entry.actor_kind WHEN 'api_key' THEN entry.actor::uuid END
                               AND key.organization_id = $1
     WHERE entry.invoice_id = $2
       AND ($3::timestamptz IS NULL OR (entry.occurred_at, entry.event_id) < ($3, $4))
     ORDER BY entry.occurred_at DESC, entry.event_id DESC
    OFFSET $5 LIMIT $6";

const COUNT: &str = "
    SELECT count(*) FROM (SELECT FROM invoice_timeline WHERE invoice_id = $1 LIMIT $2) AS counted";

pub(super) async fn read_timeline(
    database: &Database,
    organization_id: OrganizationId,
    id: InvoiceId,
    window: Window,
) -> Result<Option<Listing<TimelineEntry>>, StorageError> {
    let (organization, invoice) = (organization_id.as_uuid(), id.as_uuid());
    if database
        .query_opt(EXISTS, &[&organization, &invoice])
        .await?
        .is_none()
    {
        return Ok(None);
    }
    let bounds = Bounds::of(window);
    let (instant, event) = (bounds.before_created_at(), bounds.before_id());
    let rows = database
        .query(
            LIST,
            &[
                &organization,
                &invoice,
                &instant,
                &event,
                &bounds.offset,
                &bounds.fetched(),
            ],
        )
        .await?;
    let total = if bounds.is_counted {
        let row = database
            .query_opt(COUNT, &[&invoice, &counted_max()])
            .await?;
        row.map(|row| total_of(row.get(0)))
    } else {
        None
    };
    let position_of = |entry: &TimelineEntry| Position {
        created_at: entry.occurred_at,
        id: entry.id,
    };
    let entries = collect(&rows, entry_from)?;
    Ok(Some(bounds.listing(entries, position_of, total)))
}

fn entry_from(row: &Row) -> Result<TimelineEntry, StorageError> {
    let columns = Columns::of(ENTITY, row);
    Ok(TimelineEntry {
        id: columns.get("event_id")?,
        event_type: columns.get("type")?,
        actor: actor_from(columns)?,
        occurred_at: columns.get("occurred_at")?,
        version: columns.get("version")?,
        changes: columns.json("changes")?,
    })
}

pub(crate) fn actor_from(columns: Columns<'_>) -> Result<TimelineActor, StorageError> {
    let actor: Option<&str> = columns.get("actor")?;
    let unknown = || corrupt(ENTITY, format!("unknown actor {actor:?}"));
    Ok(match columns.get("actor_kind")? {
        "api_key" => TimelineActor::ApiKey {
            id: actor
                .and_then(|id| Uuid::parse_str(id).ok())
                .ok_or_else(unknown)?,
            name: columns.get("key_name")?,
        },
        "role" => TimelineActor::Role(actor.ok_or_else(unknown)?.to_owned()),
        "command_line" => TimelineActor::CommandLine,
        _ => return Err(unknown()),
    })
}
