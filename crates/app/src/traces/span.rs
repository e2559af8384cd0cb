//! Spans: parts of a trace, from their beginning to their end.

use std::{borrow::Cow, sync::Arc};

use jiff::Timestamp;

use super::{
    SpanId, TraceContext, TraceId, Tracer,
    current::{self, Here},
};

/// On which side of what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanKind {
    /// Answers somebody.
    Server,
    /// Asks somebody.
    Client,
    /// Hands on an event.
    Producer,
    /// Takes an event.
    Consumer,
    /// Neither.
    Internal,
}

/// The value of an attribute. Attributes never hold what a client has sent, but for what was found in a fixed list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// A word.
    Word(Cow<'static, str>),
    /// A number.
    Number(i64),
}

impl From<&'static str> for Detail {
    fn from(word: &'static str) -> Self {
        Self::Word(Cow::Borrowed(word))
    }
}

impl From<String> for Detail {
    fn from(word: String) -> Self {
        Self::Word(Cow::Owned(word))
    }
}

impl From<i64> for Detail {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u16> for Detail {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<usize> for Detail {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// What a span was caused by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parent {
    /// Which span.
    pub id: SpanId,
    /// Whether somebody else has it: another process, or this one at another time.
    pub is_remote: bool,
}

/// A span that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinishedSpan {
    /// Which one.
    pub context: TraceContext,
    /// What caused it; nothing for the first of its trace.
    pub parent: Option<Parent>,
    /// On which side of what it was.
    pub kind: SpanKind,
    /// What was done.
    pub name: Cow<'static, str>,
    /// Since when.
    pub began_at: Timestamp,
    /// Until when.
    pub ended_at: Timestamp,
    /// What is known of it.
    pub details: Vec<(&'static str, Detail)>,
    /// Why it failed, if it did.
    pub failure: Option<Cow<'static, str>>,
}

/// A span that goes on until it is dropped. Most are nothing, and cost nothing.
#[derive(Debug, Default)]
#[must_use = "it ends when it is dropped"]
pub struct Span(State);

#[derive(Debug, Default)]
enum State {
    /// In no trace, or a part of one that is not recorded.
    #[default]
    Nothing,
    /// In a trace of our own that is not recorded.
    Named(&'static str, TraceId),
    /// In the trace of somebody else that is not recorded here.
    Passing(&'static str, TraceContext),
    Recorded(Box<Recording>),
}

#[derive(Debug)]
pub(super) struct Recording {
    pub(super) operation: &'static str,
    pub(super) tracer: Arc<Tracer>,
    pub(super) span: FinishedSpan,
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.tracer.finish(&mut self.span);
    }
}

impl Span {
    pub(super) fn recorded(recording: Recording) -> Self {
        Self(State::Recorded(Box::new(recording)))
    }

    pub(super) const fn named(operation: &'static str, id: TraceId) -> Self {
        Self(State::Named(operation, id))
    }

    /// Passes on what somebody has sent.
    pub(super) fn passing(operation: &'static str, context: Option<TraceContext>) -> Self {
        Self(context.map_or(State::Nothing, |context| State::Passing(operation, context)))
    }

    /// A part of it. Nothing, where it is not recorded.
    pub fn child(&self, kind: SpanKind, operation: &'static str) -> Self {
        match &self.0 {
            State::Recorded(recording) => {
                recording
                    .tracer
                    .child(kind, operation, recording.span.context)
            }
            State::Nothing | State::Named(..) | State::Passing(..) => Self::default(),
        }
    }

    /// Whether somebody will read what it is told.
    pub const fn is_recorded(&self) -> bool {
        matches!(self.0, State::Recorded(_))
    }

    /// What is to be passed on to what it causes.
    pub fn context(&self) -> Option<TraceContext> {
        match &self.0 {
            State::Nothing | State::Named(..) => None,
            State::Passing(_, context) => Some(*context),
            State::Recorded(recording) => Some(recording.span.context),
        }
    }

    /// Its trace, whether it is recorded or not.
    pub fn trace_id(&self) -> Option<TraceId> {
        match &self.0 {
            State::Named(_, id) => Some(*id),
            State::Nothing | State::Passing(..) | State::Recorded(_) => {
                self.context().map(|context| context.trace_id)
            }
        }
    }

    /// Gives it a name that is more than its operation. It is not spelt out for nobody.
    pub fn rename<N: Into<Cow<'static, str>>>(&mut self, name: impl FnOnce() -> N) {
        if let State::Recorded(recording) = &mut self.0 {
            recording.span.name = name().into();
        }
    }

    /// Adds what is known of it.
    pub fn note(&mut self, key: &'static str, detail: impl Into<Detail>) {
        if let State::Recorded(recording) = &mut self.0 {
            recording.span.details.push((key, detail.into()));
        }
    }

    /// Marks it as failed, and says why in words of ours.
    pub fn fail(&mut self, why: impl Into<Cow<'static, str>>) {
        if let State::Recorded(recording) = &mut self.0 {
            recording.span.failure = Some(why.into());
        }
    }

    /// Lets a future run inside of it: what that does, causes and logs belongs to it.
    pub fn around<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        current::scoped(self.here().or_else(current::here), future)
    }

    /// What lines of the log stand under that are written inside of it.
    pub fn in_log(&self) -> tracing::Span {
        let Some(id) = self.trace_id() else {
            return tracing::Span::none();
        };
        tracing::info_span!(target: "trace", "trace", trace_id = %id)
    }

    fn here(&self) -> Option<Arc<Here>> {
        let operation = match &self.0 {
            State::Nothing => return None,
            State::Named(operation, _) | State::Passing(operation, _) => operation,
            State::Recorded(recording) => recording.operation,
        };
        let tracer = match &self.0 {
            State::Recorded(recording) => Some(Arc::clone(&recording.tracer)),
            State::Nothing | State::Named(..) | State::Passing(..) => None,
        };
        Some(Arc::new(Here {
            operation,
            trace_id: self.trace_id()?,
            context: self.context(),
            tracer,
        }))
    }
}
