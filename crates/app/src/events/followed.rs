//! The traces of events that are delivered together.

use super::LoggedEvent;
use crate::{
    ports::{Delivered, EventSink},
    traces::{self, Span, SpanKind},
};

/// Those events of a batch that have a trace, by their places.
pub(super) struct Followed(Vec<(usize, Span)>);

impl Followed {
    /// Goes on with the trace of each event. What an event causes comes after its span, if it is recorded.
    pub(super) fn begin(
        consumer: &'static str,
        sink: &dyn EventSink,
        events: &mut [LoggedEvent],
    ) -> Self {
        let is_alone = events.len() == 1;
        let mut followed = Vec::new();
        for (at, LoggedEvent { event, .. }) in events.iter_mut().enumerate() {
            let Some(cause) = event.cause() else {
                continue;
            };
            if !(cause.is_sampled || is_alone) {
                continue;
            }
            let kind = if sink.hands_on() {
                SpanKind::Producer
            } else {
                SpanKind::Consumer
            };
            let mut span = traces::follow(kind, consumer, Some(cause));
            if let Some(context) = span.context().filter(|_| span.is_recorded()) {
                span.rename(|| format!("{consumer} {}", event.event_type));
                span.note("messaging.message.id", event.id.to_string());
                span.note("tallystick.event.type", event.event_type.clone());
                event.traceparent = Some(context.to_string());
            }
            followed.push((at, span));
        }
        Self(followed)
    }

    /// The one that everything belongs to that is done for all of them.
    pub(super) fn first(&self) -> Option<&Span> {
        self.0.first().map(|(_, span)| span)
    }

    /// Tells what became of the events; nothing if nobody knows.
    pub(super) fn end(self, outcomes: Option<&[Delivered]>) {
        for (at, mut span) in self.0 {
            match outcomes.map(|outcomes| outcomes.get(at)) {
                Some(Some(Delivered::Refused(_))) => span.fail("refused"),
                Some(_) => {}
                None => span.fail("not delivered"),
            }
        }
    }
}
