//! Traces: what belongs together across functions, processes and services (W3C Trace Context).
//!
//! A trace begins, or goes on, where something comes in: [`receive`] for requests, [`follow`] for what an earlier request has
//! caused. Whoever does a part of the work makes a [`child`]. Whether a trace is recorded is decided once, where it begins:
//! for what is not, a span is a word on the stack, and nothing is allocated, formatted or counted.
//!
//! Who records is said once per process, as it is with logs and metrics ([`install`]). Where nobody has, contexts that
//! others have sent are passed on all the same. See `docs/adr/0027-spans-of-our-own.md`.

mod context;
mod current;
mod shared;
mod span;
mod tracer;

use std::sync::{Arc, OnceLock};

pub use self::{
    context::{SpanId, TraceContext, TraceId},
    current::{carry, current, operation, trace_id},
    shared::SharedWork,
    span::{Detail, FinishedSpan, Parent, Span, SpanKind},
    tracer::{Sampling, Tracer},
};

static TRACER: OnceLock<Arc<Tracer>> = OnceLock::new();

/// Records from now on. Only the first one of a process does; it tells whether this was it.
pub fn install(tracer: Arc<Tracer>) -> bool {
    TRACER.set(tracer).is_ok()
}

/// Something comes in from outside: it goes on with the trace that it names, or begins one. How much is recorded is not for
/// strangers to say: what they record is recorded as often as what begins here, until [`trust`] knows who has sent it.
pub fn receive(operation: &'static str, incoming: Option<TraceContext>) -> Span {
    match TRACER.get() {
        Some(tracer) => tracer.receive(operation, incoming),
        None => Span::passing(operation, incoming.map(TraceContext::unsampled)),
    }
}

/// By now it is known who has sent what was received: it is recorded if he records it.
pub fn trust(received: Span, operation: &'static str, incoming: Option<TraceContext>) -> Span {
    match incoming {
        Some(context) if context.is_sampled && !received.is_recorded() => {
            follow(SpanKind::Server, operation, incoming)
        }
        _ => received,
    }
}

/// Work goes on that something has caused before, perhaps in another process. Without a cause it is in no trace.
pub fn follow(kind: SpanKind, operation: &'static str, cause: Option<TraceContext>) -> Span {
    match TRACER.get() {
        Some(tracer) => tracer.follow(kind, operation, cause),
        None => Span::passing(operation, cause),
    }
}

/// A part of what is going on here. Nothing, where that is not recorded.
pub fn child(kind: SpanKind, operation: &'static str) -> Span {
    current::with(|here| here.child(kind, operation)).unwrap_or_default()
}

/// The same for something that outlives the task that asks for it: where nothing is recorded, it passes on what is passed on
/// here.
pub fn child_or_current(kind: SpanKind, operation: &'static str) -> Span {
    let span = child(kind, operation);
    if span.is_recorded() {
        span
    } else {
        Span::passing(operation, current())
    }
}

/// Lets a future go on with what has caused it, where several things with several causes are done in one piece of work.
pub fn within<F: Future>(
    cause: Option<TraceContext>,
    future: F,
) -> impl Future<Output = F::Output> {
    let here = cause.map(|context| current::Here {
        operation: operation().unwrap_or_default(),
        trace_id: context.trace_id,
        context: Some(context),
        tracer: TRACER
            .get()
            .filter(|tracer| context.is_sampled && tracer.records())
            .cloned(),
    });
    current::scoped(here.map(Arc::new), future)
}

/// Whether anybody records traces, or names them.
pub fn is_on() -> bool {
    TRACER.get().is_some()
}

#[cfg(test)]
mod tests;
