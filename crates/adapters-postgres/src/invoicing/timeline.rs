//! What happened to an invoice, for reading.

use app::{
    invoicing::{TimelineActor, TimelineEntry},
    paging::{Listing, Position, Window},
    ports::StorageError,
};
use domain::ids::{InvoiceId, OrganizationId};
use tokio_postgres::{Row, types::Json};
use uuid::Uuid;

use crate::{
    database::Database,
    error::corrupt,
    listing::{Bounds, collect, counted_max, total_of},
};

const EXISTS: &str = "SELECT FROM invoices WHERE organization_id = $1 AND id = $2";

const LIST: &str = "
    SELECT entry.event_id, entry.type, entry.actor_kind, entry.actor, key.name AS key_name, entry.occurred_at,
           entry.version, entry.changes
      FROM invoice_timeline AS entry
      LEFT JOIN api_keys AS key ON entry.actor_kind = 'api_key' AND key.id::text = entry.actor
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
    let Json(changes) = row.get("changes");
    Ok(TimelineEntry {
        id: row.get("event_id"),
        event_type: row.get("type"),
        actor: actor_from(row)?,
        occurred_at: row.get("occurred_at"),
        version: row.get("version"),
        changes,
    })
}

fn actor_from(row: &Row) -> Result<TimelineActor, StorageError> {
    let actor: Option<&str> = row.get("actor");
    let unknown = || corrupt("timeline", format!("unknown actor {actor:?}"));
    Ok(match row.get("actor_kind") {
        "api_key" => TimelineActor::ApiKey {
            id: actor
                .and_then(|id| Uuid::parse_str(id).ok())
                .ok_or_else(unknown)?,
            name: row.get("key_name"),
        },
        "role" => TimelineActor::Role(actor.ok_or_else(unknown)?.to_owned()),
        "command_line" => TimelineActor::CommandLine,
        _ => return Err(unknown()),
    })
}
