//! `POST /api/v1/webhooks/{id}/replay`

use actix_web::{post, web};
use app::{
    webhooks::{ReplayEvents, ReplayEventsError, ReplayRequested},
    wire,
};
use domain::{ids::WebhookId, values::InvalidValue};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, WriteWebhooks},
    input::{Fields, Request, readers::instant},
    problem::{
        Problem,
        catalogue::{NOT_FOUND, WEBHOOK_DISABLED},
    },
    schemas,
};

/// Which events are to be sent again.
#[derive(ToSchema)]
#[schema(as = NewReplay, example = json!({"since": "2026-11-19T00:00:00Z"}))]
#[expect(dead_code, reason = "the schema of the body, which `since` reads")]
struct Wanted {
    /// Those that happened then or later.
    since: schemas::Instant,
}

/// Events that are being sent again.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookReplay, example = json!({
    "id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f26",
    "webhook_id": "01936f8a-5b1e-7c3d-9a4f-2b6c8d0e1f23",
    "since": "2026-11-19T00:00:00.000000Z",
    "until": "2026-11-20T13:02:11.123456Z",
}))]
struct ReplayBody {
    /// Which replay.
    id: Uuid,
    /// To which webhook.
    webhook_id: Uuid,
    /// Those that happened then or later.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    since: Timestamp,
    /// And no later: what happens afterwards is sent anyway.
    #[serde(with = "wire::instant")]
    #[schema(value_type = schemas::Instant)]
    until: Timestamp,
}

/// Send past events to a webhook again
///
/// All that it asks for and that happened since then, as far back as events are kept. It goes on in the background, and
/// shows in the webhook's deliveries. What was delivered before has the same `webhook-id` again.
#[utoipa::path(
    tag = "webhooks",
    operation_id = "replayWebhookEvents",
    security(("api_key" = ["webhooks:write"])),
    request_body = Wanted,
    responses((status = 202, description = "They are being sent", body = ReplayBody), Refusals)
)]
#[post("/webhooks/{id}/replay")]
pub(super) async fn replay_events(
    caller: Caller<WriteWebhooks>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let now = api.webhooks.clock.now();
    let (id, since) = request.read(|input| {
        let id = input.id("id", WebhookId::from_uuid);
        let since = input.body(|fields| since(fields, now));
        Some((id?, since?))
    })?;
    let command = ReplayEvents {
        caller: caller.acting(),
        id,
        since,
    };
    request
        .execute(&api.webhooks.replay, command, replaying)
        .await
}

fn since(fields: &mut Fields<'_>, now: Timestamp) -> Option<Timestamp> {
    fields.required("since", |value| {
        let since = instant(value)?;
        let rule = "in the past";
        value.accept(if since <= now {
            Ok(since)
        } else {
            Err(InvalidValue::OutOfRange { rule })
        })
    })
}

fn replaying(requested: &ReplayRequested) -> Answer {
    let replay = requested.replay;
    let location = format!("/api/v1/webhooks/{}/deliveries", replay.webhook_id);
    let body = ReplayBody {
        id: replay.id.as_uuid(),
        webhook_id: replay.webhook_id.as_uuid(),
        since: replay.since,
        until: requested.requested_at,
    };
    Answer::accepted(&location, &body)
}

crate::openapi::refusals!(Refusals: WEBHOOK_DISABLED);

impl From<&ReplayEventsError> for Problem {
    fn from(error: &ReplayEventsError) -> Self {
        match error {
            ReplayEventsError::NotFound(_) => Self::of(&NOT_FOUND).because(error),
            ReplayEventsError::Refused(_) => Self::of(&WEBHOOK_DISABLED).because(error),
            ReplayEventsError::Storage(error) => Self::from(error),
        }
    }
}
