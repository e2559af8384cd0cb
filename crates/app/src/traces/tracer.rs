//! Who decides what is recorded, and records it.

use std::{borrow::Cow, fmt, sync::Arc};

use super::{FinishedSpan, Parent, Span, SpanId, SpanKind, TraceContext, TraceId, span::Recording};
use crate::ports::{Clock, IdGenerator, SpanSink};

/// How many of the traces that begin here are recorded, and of those that strangers have begun and record. What those have begun
/// whom we know is recorded if they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sampling {
    /// Of 2^32 dice, so many are recorded.
    of_all: u64,
}

impl Sampling {
    /// None of them.
    pub const NONE: Self = Self { of_all: 0 };

    /// So many in a million.
    pub fn per_million(count: u32) -> Self {
        let of_all = (u64::from(count) << 32) / 1_000_000;
        Self { of_all }
    }

    pub(super) fn takes(self, id: TraceId) -> bool {
        u64::from(id.dice()) < self.of_all
    }
}

/// Records traces.
pub struct Tracer {
    sink: Option<Arc<dyn SpanSink>>,
    sampling: Sampling,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdGenerator>,
}

impl fmt::Debug for Tracer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sampling = self.sampling;
        f.debug_struct("Tracer")
            .field("sampling", &sampling)
            .finish_non_exhaustive()
    }
}

impl Tracer {
    /// Records into a sink, so many of the traces that begin here. Without a sink traces only have names.
    pub fn new(
        sink: Option<Arc<dyn SpanSink>>,
        sampling: Sampling,
        (clock, ids): (Arc<dyn Clock>, Arc<dyn IdGenerator>),
    ) -> Self {
        Self {
            sink,
            sampling,
            clock,
            ids,
        }
    }

    /// Whether there is a sink.
    pub(super) const fn records(&self) -> bool {
        self.sink.is_some()
    }

    /// See [`super::receive`].
    pub fn receive(
        self: &Arc<Self>,
        operation: &'static str,
        incoming: Option<TraceContext>,
    ) -> Span {
        if let Some(context) = incoming {
            // The dice are our own: whoever has thrown the id of the trace may be the stranger.
            let is_taken = || self.sampling.takes(TraceId::of(self.ids.new_id()));
            let is_sampled = context.is_sampled && self.sink.is_some() && is_taken();
            let believed = if is_sampled {
                context
            } else {
                context.unsampled()
            };
            return self.follow(SpanKind::Server, operation, Some(believed));
        }
        let trace_id = TraceId::of(self.ids.new_id());
        if self.sink.is_none() || !self.sampling.takes(trace_id) {
            return Span::named(operation, trace_id);
        }
        self.begin((SpanKind::Server, operation), trace_id, None)
    }

    /// See [`super::follow`].
    pub fn follow(
        self: &Arc<Self>,
        kind: SpanKind,
        operation: &'static str,
        cause: Option<TraceContext>,
    ) -> Span {
        match cause {
            Some(cause) if cause.is_sampled && self.sink.is_some() => {
                let parent = Parent {
                    id: cause.span_id,
                    is_remote: true,
                };
                self.begin((kind, operation), cause.trace_id, Some(parent))
            }
            _ => Span::passing(operation, cause),
        }
    }

    /// A part of a span that is recorded.
    pub(super) fn child(
        self: &Arc<Self>,
        kind: SpanKind,
        operation: &'static str,
        of: TraceContext,
    ) -> Span {
        let parent = Parent {
            id: of.span_id,
            is_remote: false,
        };
        self.begin((kind, operation), of.trace_id, Some(parent))
    }

    fn begin(
        self: &Arc<Self>,
        (kind, operation): (SpanKind, &'static str),
        trace_id: TraceId,
        parent: Option<Parent>,
    ) -> Span {
        let now = self.clock.now();
        Span::recorded(Recording {
            operation,
            tracer: Arc::clone(self),
            span: FinishedSpan {
                context: TraceContext {
                    trace_id,
                    span_id: SpanId::of(self.ids.new_id()),
                    is_sampled: true,
                },
                parent,
                kind,
                name: Cow::Borrowed(operation),
                began_at: now,
                ended_at: now,
                details: Vec::new(),
                failure: None,
            },
        })
    }

    pub(super) fn finish(&self, span: &mut FinishedSpan) {
        let Some(sink) = &self.sink else { return };
        sink.take(FinishedSpan {
            name: std::mem::take(&mut span.name),
            details: std::mem::take(&mut span.details),
            failure: span.failure.take(),
            ended_at: self.clock.now(),
            ..*span
        });
    }
}
