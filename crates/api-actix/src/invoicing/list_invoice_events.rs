//! `GET /api/v1/invoices/{id}/events`

use actix_web::{get, web};
use app::{
    invoicing::{TimelineActor, TimelineEntry},
    wire,
};
use domain::ids::InvoiceId;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadInvoices},
    input::Request,
    listing::ListOf,
    problem::{Problem, catalogue::NOT_FOUND},
    schemas,
};

/// Something that happened to an invoice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InvoiceTimelineEntry, example = json!({
    "id": "01936f8a-6666-7c3d-9a4f-2b6c8d0e1f23",
    "type": "invoice.sent",
    "actor": {"kind": "api_key", "id": "01936f8a-0001-7c3d-9a4f-2b6c8d0e1f23", "name": "shop back end"},
    "occurred_at": "2026-11-20T13:02:11.123456Z",
    "changes": {"status": {"from": "draft", "to": "sent"}},
    "invoice_version": 2,
}))]
struct EntryBody {
    /// The id of the event.
    id: Uuid,
    /// What happened: `invoice.` and a word.
    #[serde(rename = "type")]
    event_type: String,
    /// Who caused it.
    actor: ActorBody,
    /// When.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    occurred_at: Timestamp,
    /// What is different from before.
    #[schema(value_type = Object)]
    changes: serde_json::Value,
    /// The version of the invoice after it.
    #[schema(value_type = schemas::VersionNumber)]
    invoice_version: i64,
}

/// Who caused something: a client's key, a role of the service, or somebody at its command line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Actor)]
pub(crate) struct ActorBody {
    /// What they are.
    kind: ActorKind,
    /// The id of the key.
    id: Option<Uuid>,
    /// The name of the key or of the role.
    name: Option<String>,
}

/// What somebody is who causes things.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ActorKind {
    /// A client with an API key.
    ApiKey,
    /// The service itself.
    Role,
    /// A person at its command line.
    CommandLine,
}

impl From<TimelineActor> for ActorBody {
    fn from(actor: TimelineActor) -> Self {
        let (kind, id, name) = match actor {
            TimelineActor::ApiKey { id, name } => (ActorKind::ApiKey, Some(id), name),
            TimelineActor::Role(role) => (ActorKind::Role, None, Some(role)),
            TimelineActor::CommandLine => (ActorKind::CommandLine, None, None),
        };
        Self { kind, id, name }
    }
}

impl From<TimelineEntry> for EntryBody {
    fn from(entry: TimelineEntry) -> Self {
        Self {
            id: entry.id,
            event_type: entry.event_type,
            actor: ActorBody::from(entry.actor),
            occurred_at: entry.occurred_at,
            changes: entry.changes,
            invoice_version: entry.version,
        }
    }
}

/// List what happened to an invoice
///
/// Who changed what and when, newest first.
#[utoipa::path(
    tag = "invoicing",
    operation_id = "listInvoiceEvents",
    security(("api_key" = ["invoices:read"])),
    responses((status = 200, description = "A piece of the timeline", body = ListOf<EntryBody>))
)]
#[get("/invoices/{id}/events")]
pub(super) async fn list_invoice_events(
    caller: Caller<ReadInvoices>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, window) = request.read(|input| {
        let id = input.id("id", InvoiceId::from_uuid);
        let window = input.window();
        Some((id?, window?))
    })?;
    let found = api
        .invoicing
        .queries
        .timeline(caller.organization_id(), id, window)
        .await?;
    let unknown = || Problem::of(&NOT_FOUND).because(format!("there is no invoice {id}"));
    let entries = found.ok_or_else(unknown)?;
    Ok(request.list(window, entries, EntryBody::from))
}
