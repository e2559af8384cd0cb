//! `GET /api/v1/events/stream`

use actix_web::{HttpResponse, get, http::header, web};
use api_shared::{
    cursor::{Cursor, CursorRefused, CursorSpace},
    doorkeeper::bearer,
    events::{FEED, event_filter, place_of},
    input::{ListQuery, Parameters, settle},
    problem::{Fault, Faults, Place},
};
use app::events::EventPosition;

use super::follower::{Follower, Subscriber};
use crate::{
    api::Api,
    caller::{Caller, ReadEvents},
    input::Request,
    problem::{
        Problem,
        catalogue::{CURSOR_MISMATCH, INVALID_CURSOR},
    },
    schemas,
};

/// Follow events as they happen
///
/// Server-sent events (`text/event-stream`): each has the `id` of its place, its type as `event`, and the event as `data`,
/// as `GET /events` shows it. A client that connects again with `Last-Event-ID` (browsers do so by themselves) goes on
/// where it was, and misses nothing; without it, the stream begins with what happens next. The first block, and one after
/// each quarter of a minute of silence, have an `id` and no event: who is cut off before the first event misses nothing either. A cursor of the feed with the
/// same filters may be sent as `Last-Event-ID` as well. The stream ends when the service stops,
/// and within five seconds when its key is revoked or expires.
#[utoipa::path(
    tag = "events",
    operation_id = "streamEvents",
    security(("api_key" = ["events:read"])),
    params(
        ("type" = Option<Vec<schemas::EventTypePattern>>, Query, description = "Of this type, or of types that fit this pattern; may be given several times"),
        ("aggregate_type" = Option<schemas::AggregateTypeName>, Query, description = "That happened to resources of this kind"),
        ("aggregate_id" = Option<uuid::Uuid>, Query, description = "That happened to this resource"),
        ("from" = Option<schemas::Instant>, Query, description = "That happened at this instant or later"),
        ("to" = Option<schemas::Instant>, Query, description = "That happened at this instant or earlier"),
        ("Last-Event-ID" = Option<String>, Header, description = "The `id` that was received last"),
    ),
    responses((status = 200, description = "The stream", body = String, content_type = "text/event-stream"))
)]
#[get("/events/stream")]
pub(super) async fn stream_events(
    caller: Caller<ReadEvents>,
    api: web::Data<Api>,
    request: Request,
) -> Result<HttpResponse, Problem> {
    let filter = request.read(|input| input.query(event_filter))?;
    let after = match last_event_id(&request)? {
        Some(place) => place,
        None => api.events.log.end().await?,
    };
    let subscriber = Subscriber {
        organization_id: caller.organization_id(),
        secret: shown_secret(&request),
        query: request.http().query_string().to_owned(),
    };
    let follower = Follower::new(api, subscriber, (filter, after));
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        // Neither proxies nor we may hold back what was written.
        .insert_header(("x-accel-buffering", "no"))
        .insert_header(header::ContentEncoding::Identity)
        .streaming(follower.follow()))
}

/// What it was let in with.
fn shown_secret(request: &Request) -> String {
    let shown = request.http().headers().get(header::AUTHORIZATION);
    let secret = shown.and_then(|it| bearer(it.to_str().ok()?));
    secret.unwrap_or_default().to_owned()
}

fn last_event_id(request: &Request) -> Result<Option<EventPosition>, Problem> {
    let Some(raw) = request.http().headers().get("last-event-id") else {
        return Ok(None);
    };
    let query = ListQuery::of(&Parameters::of(request.http().query_string()));
    let space = CursorSpace {
        path: FEED,
        ..request.cursors()
    };
    let read = raw
        .to_str()
        .map_err(|_| CursorRefused::Invalid)
        .and_then(|raw| Cursor::read(raw, &space, query.pairs()));
    let mut faults = Faults::default();
    let read = read.map_err(|refused| {
        let (kind, code, message) = match refused {
            CursorRefused::Invalid => (
                &INVALID_CURSOR,
                "invalid_cursor",
                "is no id of an event of this stream",
            ),
            CursorRefused::Mismatch => (
                &CURSOR_MISMATCH,
                "cursor_mismatch",
                "is of a stream with other filters",
            ),
        };
        faults.push(Fault::new(
            kind,
            Place::Header("Last-Event-ID"),
            code,
            message,
        ));
    });
    Ok(settle(
        read.ok().map(|it| Some(place_of(Some(it)))),
        faults,
    )?)
}
