//! `GET /api/v1/events/stream`

use std::{fmt::Write as _, time::Duration};

use actix_web::{HttpResponse, get, http::header, web};
use api_shared::{
    cursor::{Cursor, CursorRefused, CursorSpace},
    events::{FEED, event_filter, place_of, position_of},
    input::{ListQuery, Parameters, settle},
    problem::{Fault, Faults, Place},
};
use app::{
    events::{EventPosition, LoggedEvent},
    paging::Limit,
    ports::EventFilter,
};
use bytes::Bytes;
use domain::ids::OrganizationId;
use futures_util::{Stream, stream};
use tokio::time::Instant;

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

/// How often to look when nobody rings.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// After how long without an event a comment is sent, so that proxies keep the connection.
const COMMENT_EVERY: Duration = Duration::from_secs(15);
/// How long a client waits before it connects again, in milliseconds.
const RETRY_MS: u32 = 2_000;

/// Follow events as they happen
///
/// Server-sent events (`text/event-stream`): each has the `id` of its place, its type as `event`, and the event as `data`,
/// as `GET /events` shows it. A client that connects again with `Last-Event-ID` (browsers do so by themselves) goes on
/// where it was, and misses nothing; without it, the stream begins with what happens next. A cursor of the feed with the
/// same filters may be sent as `Last-Event-ID` as well. The stream ends when the service stops.
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
        ("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last event that was received"),
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
    let follower = Follower {
        organization_id: caller.organization_id(),
        filter,
        after,
        query: request.http().query_string().to_owned(),
        heard_at: Instant::now(),
        has_begun: false,
        api,
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        // Neither proxies nor we may hold back what was written.
        .insert_header(("x-accel-buffering", "no"))
        .insert_header(header::ContentEncoding::Identity)
        .streaming(follower.follow()))
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

/// Follows the log for one client.
struct Follower {
    api: web::Data<Api>,
    organization_id: OrganizationId,
    filter: EventFilter,
    after: EventPosition,
    query: String,
    heard_at: Instant,
    has_begun: bool,
}

impl Follower {
    fn follow(self) -> impl Stream<Item = Result<Bytes, actix_web::Error>> {
        stream::unfold(self, |mut follower| async move {
            let next = follower.next().await?;
            Some((Ok(next), follower))
        })
    }

    /// What is to be sent next; `None` when the service stops, or cannot read the log any more: the client comes back.
    async fn next(&mut self) -> Option<Bytes> {
        if !std::mem::replace(&mut self.has_begun, true) {
            return Some(Bytes::from(format!("retry: {RETRY_MS}\n\n")));
        }
        loop {
            let rung = self.api.events.bell.next_ring();
            let log = &self.api.events.log;
            let read = log.list_events(
                self.organization_id,
                &self.filter,
                self.after,
                Limit::of_most(),
            );
            let page = read.await.ok()?;
            self.after = page.end;
            if !page.events.is_empty() {
                self.heard_at = Instant::now();
                return self.spell(&page.events);
            }
            if page.has_more {
                continue;
            }
            if !self.api.health.is_ready().await {
                return None;
            }
            if self.heard_at.elapsed() > COMMENT_EVERY {
                self.heard_at = Instant::now();
                return Some(Bytes::from_static(b": still here\n\n"));
            }
            let _rung_or_not = tokio::time::timeout(LOOK_EVERY, rung).await;
        }
    }

    fn spell(&self, events: &[LoggedEvent]) -> Option<Bytes> {
        let query = ListQuery::of(&Parameters::of(&self.query));
        let space = CursorSpace {
            key: &self.api.settings.cursor_key,
            organization_id: Some(self.organization_id),
            path: FEED,
        };
        let mut text = String::new();
        for logged in events {
            let id = Cursor::write(position_of(logged.position), &space, query.pairs());
            let (event_type, json) = (&logged.event.event_type, logged.event.to_json().ok()?);
            write!(text, "id: {id}\nevent: {event_type}\ndata: {json}\n\n").ok()?;
        }
        Some(Bytes::from(text))
    }
}
