//! Where the running task is in its trace.

use std::sync::Arc;

use super::{Span, SpanKind, TraceContext, TraceId, Tracer};

tokio::task_local! {
    static CURRENT: Option<Arc<Here>>;
}

/// A place in a trace, where something is going on.
#[derive(Debug)]
pub(super) struct Here {
    /// What is going on.
    pub(super) operation: &'static str,
    /// In which trace.
    pub(super) trace_id: TraceId,
    /// What is passed on; nothing of a trace of our own that nobody records.
    pub(super) context: Option<TraceContext>,
    /// Who records it, if anybody does.
    pub(super) tracer: Option<Arc<Tracer>>,
}

impl Here {
    pub(super) fn child(&self, kind: SpanKind, operation: &'static str) -> Span {
        match (&self.tracer, self.context) {
            (Some(tracer), Some(context)) => tracer.child(kind, operation, context),
            _ => Span::default(),
        }
    }
}

pub(super) fn scoped<F: Future>(
    here: Option<Arc<Here>>,
    future: F,
) -> impl Future<Output = F::Output> {
    CURRENT.scope(here, future)
}

pub(super) fn here() -> Option<Arc<Here>> {
    CURRENT.try_with(Clone::clone).ok().flatten()
}

pub(super) fn with<T>(look: impl FnOnce(&Here) -> T) -> Option<T> {
    let looked = CURRENT.try_with(|here| here.as_deref().map(look));
    looked.ok().flatten()
}

/// Lets a future that becomes a task of its own go on with what is going on here.
pub fn carry<F: Future>(future: F) -> impl Future<Output = F::Output> {
    scoped(here(), future)
}

/// What is to be passed on to whatever is caused from here: by headers of requests, or with events.
pub fn current() -> Option<TraceContext> {
    with(|here| here.context).flatten()
}

/// The trace that this task works in, whether it is recorded or not.
pub fn trace_id() -> Option<TraceId> {
    with(|here| here.trace_id)
}

/// What this task is at: the route of a request, or the name of a consumer.
pub fn operation() -> Option<&'static str> {
    with(|here| here.operation)
}
