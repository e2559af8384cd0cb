//! Following the log for one subscriber.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use api_shared::{
    events::position_of,
    problem::{
        Refusal,
        catalogue::{DEADLINE_EXCEEDED, UNAUTHENTICATED, UNAVAILABLE},
    },
};
use app::{
    events::{EventPosition, LoggedEvent},
    paging::Limit,
    platform::AuthenticationError,
    ports::EventFilter,
};
use futures_util::{Stream, stream};
use tonic::Status;

use crate::{
    call::Call,
    proto::{
        stamp,
        v1::{Event, SubscribeRequest, SubscribeResponse},
    },
    status::status_of,
};

/// How often to look when nobody rings.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// After how long without an event the place is told up to which there was none.
const TELL_PLACE_EVERY: Duration = Duration::from_secs(15);
/// How often to look whether the key still counts: a revocation is to be felt within five seconds, of which the memory of
/// keys takes four.
const CHECK_EVERY: Duration = Duration::from_secs(1);

/// A subscriber, and where it is.
pub(super) struct Follower {
    call: Call<SubscribeRequest>,
    filter: EventFilter,
    after: EventPosition,
    waiting: VecDeque<LoggedEvent>,
    /// Up to where the subscriber was told that it is, and when.
    told: Option<(EventPosition, Instant)>,
    checked_at: Instant,
    is_over: bool,
}

impl Follower {
    /// One that wants these, behind this place.
    pub(super) fn new(
        call: Call<SubscribeRequest>,
        filter: EventFilter,
        after: EventPosition,
    ) -> Self {
        Self {
            call,
            filter,
            after,
            waiting: VecDeque::new(),
            told: None,
            checked_at: Instant::now(),
            is_over: false,
        }
    }

    /// What it gets, for as long as it likes.
    pub(super) fn follow(self) -> impl Stream<Item = Result<SubscribeResponse, Status>> + Send {
        stream::unfold(self, |mut follower| async move {
            if follower.is_over {
                return None;
            }
            let next = follower.next().await;
            follower.is_over = next.is_err();
            let told = next.map_err(|why| status_of(&why, follower.call.visit.request_id()));
            Some((told, follower))
        })
    }

    async fn next(&mut self) -> Result<SubscribeResponse, Refusal> {
        loop {
            self.check().await?;
            if let Some(logged) = self.waiting.pop_front() {
                self.told = Some((logged.position, Instant::now()));
                return Ok(self.spell(logged));
            }
            if self.is_place_due() {
                self.told = Some((self.after, Instant::now()));
                return Ok(SubscribeResponse {
                    event: None,
                    cursor: self.cursor_of(self.after),
                });
            }
            let api = &self.call.api;
            // From before looking: what comes in between is heard.
            let rung = api.events.bell.next_ring();
            let owner = self.call.organization_id();
            let log = &api.events.log;
            let page = log
                .list_events(owner, &self.filter, self.after, Limit::of_most())
                .await?;
            self.after = page.end;
            self.waiting.extend(page.events);
            if self.waiting.is_empty() && !page.has_more {
                let _rung_or_not = tokio::time::timeout(LOOK_EVERY, rung).await;
            }
        }
    }

    /// At once, so that who is cut off before the first event comes back to where it began; later when there was nothing
    /// else to tell for a while.
    fn is_place_due(&self) -> bool {
        self.told.is_none_or(|(place, told_at)| {
            place != self.after && told_at.elapsed() > TELL_PLACE_EVERY
        })
    }

    fn cursor_of(&self, place: EventPosition) -> String {
        let cursor = self.call.next_cursor(Some(position_of(place)));
        cursor.unwrap_or_default()
    }

    /// Whether it may go on.
    async fn check(&mut self) -> Result<(), Refusal> {
        let (api, visit) = (&self.call.api, &self.call.visit);
        if api.closing.is_cancelled() {
            return Err(Refusal::of(&UNAVAILABLE));
        }
        if visit.deadline().is_over_for_client() {
            return Err(Refusal::of(&DEADLINE_EXCEEDED));
        }
        if self.checked_at.elapsed() < CHECK_EVERY {
            return Ok(());
        }
        self.checked_at = Instant::now();
        match api.doorkeeper.recognise(visit.shown()).await {
            Err(AuthenticationError::Unknown) => Err(Refusal::of(&UNAUTHENTICATED)),
            // Who cannot be looked up right now is no stranger for that.
            Ok(_) | Err(AuthenticationError::Storage(_)) => Ok(()),
        }
    }

    fn spell(&self, logged: LoggedEvent) -> SubscribeResponse {
        let (event, cursor) = (logged.event, self.cursor_of(logged.position));
        SubscribeResponse {
            event: Some(Event {
                id: event.id.to_string(),
                r#type: event.event_type,
                aggregate_type: event.kind.code().to_owned(),
                aggregate_id: event.aggregate_id.to_string(),
                sequence: event.sequence,
                occurred_at: Some(stamp(event.occurred_at)),
                traceparent: event.traceparent,
                data: event.data,
            }),
            cursor,
        }
    }
}
