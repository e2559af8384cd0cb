//! `GET /api/v1/payments/{id}/events`

use actix_web::{get, web};
use app::{payments::PaymentHistoryEntry, wire};
use domain::ids::PaymentId;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadPayments},
    input::Request,
    invoicing::ActorBody,
    listing::ListOf,
    problem::Problem,
    schemas,
};

/// Something that happened to a payment. Entries are never changed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PaymentHistoryEntry, example = json!({
    "id": "01936f8a-6666-7c3d-9a4f-2b6c8d0e1f23",
    "type": "payment.completed",
    "status": "completed",
    "attempt": 1,
    "answer_code": "succeeded",
    "actor": {"kind": "role", "id": null, "name": "worker"},
    "occurred_at": "2026-11-20T13:02:11.123456Z",
    "changes": {"status": {"from": "processing", "to": "completed"}},
    "payment_version": 3,
}))]
struct EntryBody {
    /// The id of the event.
    id: Uuid,
    /// What happened: `payment.` and a word.
    #[serde(rename = "type")]
    event_type: String,
    /// Where the payment stood after it.
    #[schema(value_type = schemas::PaymentStatusName)]
    status: String,
    /// How many attempts had been begun.
    #[schema(value_type = schemas::CountNumber)]
    attempt: i32,
    /// What the provider had answered last, in a word.
    answer_code: Option<String>,
    /// Who caused it.
    actor: ActorBody,
    /// When.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    occurred_at: Timestamp,
    /// What is different from before.
    #[schema(value_type = Object)]
    changes: serde_json::Value,
    /// The version of the payment after it.
    #[schema(value_type = schemas::VersionNumber)]
    payment_version: i64,
}

impl From<PaymentHistoryEntry> for EntryBody {
    fn from(entry: PaymentHistoryEntry) -> Self {
        Self {
            id: entry.id,
            event_type: entry.event_type,
            status: entry.status,
            attempt: entry.attempt,
            answer_code: entry.answer_code,
            actor: ActorBody::from(entry.actor),
            occurred_at: entry.occurred_at,
            changes: entry.changes,
            payment_version: entry.version,
        }
    }
}

/// List what happened to a payment
///
/// Every change with its cause, newest first.
#[utoipa::path(
    tag = "payments",
    operation_id = "listPaymentEvents",
    security(("api_key" = ["payments:read"])),
    responses((status = 200, description = "A piece of the history", body = ListOf<EntryBody>))
)]
#[get("/payments/{id}/events")]
pub(super) async fn list_payment_events(
    caller: Caller<ReadPayments>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (id, window) = request.read(|input| {
        let id = input.id("id", PaymentId::from_uuid);
        let window = input.window();
        Some((id?, window?))
    })?;
    let entries = api.payments.history(caller.organization_id(), id, window);
    Ok(request.list(window, entries.await?, EntryBody::from))
}
