//! `GET /api/v1/events`

use actix_web::{get, web};
use api_shared::{
    cursor::Cursor,
    events::{event_filter, feed_window, position_of},
    input::{ListQuery, Parameters},
};
use app::ports::StorageError;
use serde::Serialize;
use utoipa::ToSchema;

use super::event_body::EventBody;
use crate::{
    answer::Answer,
    api::Api,
    caller::{Caller, ReadEvents},
    input::Request,
    problem::Problem,
    schemas,
};

/// A piece of the feed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EventFeed)]
struct FeedBody {
    /// The events, in the order in which they were published.
    data: Vec<EventBody>,
    /// What to send as `cursor` to read on: now, if there is more, and later in any case. Never `null`: a feed has no end.
    next_cursor: String,
    /// Whether there may be more right now. A piece may be empty and lead on: its filter let nothing through of all that
    /// was looked at.
    has_more: bool,
}

/// Read the feed of events
///
/// Everything that has happened to the organization's data, oldest first, in the order in which it was published. Nothing
/// ever appears before a cursor that was given out, so that whoever follows the cursors misses nothing and sees nothing
/// twice. The events of one subject come in the order of their `sequence`. Events are kept for 7 days unless the service
/// is configured otherwise.
#[utoipa::path(
    tag = "events",
    operation_id = "listEvents",
    security(("api_key" = ["events:read"])),
    params(
        ("type" = Option<Vec<schemas::EventTypePattern>>, Query, description = "Of this type, or of types that fit this pattern; may be given several times"),
        ("aggregate_type" = Option<schemas::AggregateTypeName>, Query, description = "That happened to resources of this kind"),
        ("aggregate_id" = Option<uuid::Uuid>, Query, description = "That happened to this resource"),
        ("from" = Option<schemas::Instant>, Query, description = "That happened at this instant or later"),
        ("to" = Option<schemas::Instant>, Query, description = "That happened at this instant or earlier"),
        ("cursor" = Option<String>, Query, description = "`next_cursor` of the piece before; without it, the feed is read from its beginning"),
        ("limit" = Option<schemas::RowsNumber>, Query, description = "How many events at most; 20 without it"),
    ),
    responses((status = 200, description = "A piece of the feed", body = FeedBody))
)]
#[get("/events")]
pub(super) async fn list_events(
    caller: Caller<ReadEvents>,
    api: web::Data<Api>,
    request: Request,
) -> Result<Answer, Problem> {
    let (filter, (after, limit)) = request.read(|input| {
        let filter = input.query(event_filter);
        let window = input.query(feed_window);
        Some((filter?, window?))
    })?;
    let page = api
        .events
        .log
        .list_events(caller.organization_id(), &filter, after, limit)
        .await?;
    let query = ListQuery::of(&Parameters::of(request.http().query_string()));
    let next_cursor = Cursor::write(position_of(page.end), &request.cursors(), query.pairs());
    let events: Result<Vec<_>, _> = page.events.into_iter().map(EventBody::try_from).collect();
    Ok(Answer::ok(&FeedBody {
        data: events.map_err(unreadable)?,
        next_cursor,
        has_more: page.has_more,
    }))
}

fn unreadable(error: serde_json::Error) -> StorageError {
    StorageError::Corrupt {
        entity: "event",
        source: Box::new(error),
    }
}
