//! Following the log for one client, as long as its key counts.

use std::{fmt::Write as _, time::Duration};

use actix_web::web;
use api_shared::{
    cursor::{Cursor, CursorSpace},
    events::{FEED, position_of},
    input::{ListQuery, Parameters},
};
use app::{
    events::{EventPosition, LoggedEvent},
    paging::Limit,
    platform::AuthenticationError,
    ports::EventFilter,
};
use bytes::Bytes;
use domain::ids::OrganizationId;
use futures_util::{Stream, stream};
use tokio::time::Instant;

use crate::api::Api;

/// How often to look when nobody rings.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// After how long without an event a comment is sent, so that proxies keep the connection, and the place up to which there
/// was none.
const COMMENT_EVERY: Duration = Duration::from_secs(15);
/// How often to look whether the key still counts: a revocation is to be felt within five seconds, of which the memory of
/// keys takes four.
const CHECK_EVERY: Duration = Duration::from_secs(1);
/// How long a client waits before it connects again, in milliseconds.
const RETRY_MS: u32 = 2_000;

/// Whose stream it is.
pub(super) struct Subscriber {
    /// Whose events it gets.
    pub(super) organization_id: OrganizationId,
    /// The secret of its key.
    pub(super) secret: String,
    /// What it asked for, which the ids of events are bound to.
    pub(super) query: String,
}

/// A subscriber, and where it is.
pub(super) struct Follower {
    api: web::Data<Api>,
    subscriber: Subscriber,
    filter: EventFilter,
    after: EventPosition,
    heard_at: Instant,
    checked_at: Instant,
    has_begun: bool,
}

impl Follower {
    /// One that wants these, behind this place.
    pub(super) fn new(
        api: web::Data<Api>,
        subscriber: Subscriber,
        (filter, after): (EventFilter, EventPosition),
    ) -> Self {
        Self {
            api,
            subscriber,
            filter,
            after,
            heard_at: Instant::now(),
            checked_at: Instant::now(),
            has_begun: false,
        }
    }

    /// What it gets, for as long as it likes.
    pub(super) fn follow(self) -> impl Stream<Item = Result<Bytes, actix_web::Error>> {
        stream::unfold(self, |mut follower| async move {
            let next = follower.next().await?;
            Some((Ok(next), follower))
        })
    }

    /// What is to be sent next; `None` when the service stops, or cannot read the log any more: the client comes back. So it
    /// does when its key counts no more, and is turned away then.
    async fn next(&mut self) -> Option<Bytes> {
        if !std::mem::replace(&mut self.has_begun, true) {
            // An id without an event: who is cut off before the first one comes back to where it began.
            let id = self.id_of(self.after);
            return Some(Bytes::from(format!("retry: {RETRY_MS}\nid: {id}\n\n")));
        }
        while self.may_go_on().await {
            let rung = self.api.events.bell.next_ring();
            let log = &self.api.events.log;
            let read = log.list_events(
                self.subscriber.organization_id,
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
                let id = self.id_of(self.after);
                return Some(Bytes::from(format!(": still here\nid: {id}\n\n")));
            }
            let _rung_or_not = tokio::time::timeout(LOOK_EVERY, rung).await;
        }
        None
    }

    /// Whether its key still counts, as far as that is known.
    async fn may_go_on(&mut self) -> bool {
        if self.checked_at.elapsed() < CHECK_EVERY {
            return true;
        }
        self.checked_at = Instant::now();
        let known = self.api.authenticator.authenticate(&self.subscriber.secret);
        // Who cannot be looked up right now is no stranger for that.
        !matches!(known.await, Err(AuthenticationError::Unknown))
    }

    /// What to send as `Last-Event-ID` to go on behind a place.
    fn id_of(&self, place: EventPosition) -> String {
        let query = ListQuery::of(&Parameters::of(&self.subscriber.query));
        let space = CursorSpace {
            key: &self.api.settings.cursor_key,
            organization_id: Some(self.subscriber.organization_id),
            path: FEED,
        };
        Cursor::write(position_of(place), &space, query.pairs())
    }

    fn spell(&self, events: &[LoggedEvent]) -> Option<Bytes> {
        let mut text = String::new();
        for logged in events {
            let id = self.id_of(logged.position);
            let (event_type, json) = (&logged.event.event_type, logged.event.to_json().ok()?);
            write!(text, "id: {id}\nevent: {event_type}\ndata: {json}\n\n").ok()?;
        }
        Some(Bytes::from(text))
    }
}
