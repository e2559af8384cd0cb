//! Refusals: what a client is told when it does not get what it asked for.
//!
//! A [`Refusal`] can be made from a [`ProblemKind`] of the [`catalogue`] only, so every `code` that a client can meet is
//! explained under `/problems`. REST spells it as a problem document (RFC 9457), gRPC as a `google.rpc.Status`.

pub mod catalogue;
mod fault;
mod once;
mod status;
mod storage;

use std::{borrow::Cow, fmt, time::Duration};

pub use catalogue::ProblemKind;
pub use fault::{Fault, Faults, Place};
pub use status::Status;

/// What the client is told. Its cause goes to the log only.
#[derive(Clone)]
pub struct Refusal(Box<Contents>);

#[derive(Clone)]
struct Contents {
    kind: &'static ProblemKind,
    detail: Cow<'static, str>,
    faults: Vec<Fault>,
    retry_after_seconds: Option<u64>,
    cause: Option<String>,
}

impl Refusal {
    /// A refusal of this kind, explained as the catalogue does.
    pub fn of(kind: &'static ProblemKind) -> Self {
        Self(Box::new(Contents {
            kind,
            detail: Cow::Borrowed(kind.description),
            faults: Vec::new(),
            retry_after_seconds: kind.retry_after_seconds,
            cause: None,
        }))
    }

    /// The same, with an explanation of this occurrence. It is shown to the client.
    #[must_use]
    pub fn because(mut self, detail: impl fmt::Display) -> Self {
        self.0.detail = Cow::Owned(detail.to_string());
        self
    }

    /// The same, with what is wrong with the request.
    #[must_use]
    pub fn with_faults(mut self, faults: Vec<Fault>) -> Self {
        self.0.faults = faults;
        self
    }

    /// The same, to be tried again after this time (rounded up to whole seconds, at least one).
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.0.retry_after_seconds = Some(seconds.max(1));
        self
    }

    /// The same, with a cause for the log. It is never shown.
    #[must_use]
    pub fn caused_by(mut self, cause: &dyn std::error::Error) -> Self {
        let mut chain = cause.to_string();
        let mut source = cause.source();
        while let Some(deeper) = source {
            chain.push_str(": ");
            chain.push_str(&deeper.to_string());
            source = deeper.source();
        }
        self.0.cause = Some(chain);
        self
    }

    /// The kind.
    pub fn kind(&self) -> &'static ProblemKind {
        self.0.kind
    }

    /// What went wrong this time, for a person.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// What is wrong with the request.
    pub fn faults(&self) -> &[Fault] {
        &self.0.faults
    }

    /// After how many seconds the same request may succeed, where that is known.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.0.retry_after_seconds
    }

    /// Why, for the log.
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal")
            .field("code", &self.0.kind.code)
            .field("detail", &self.0.detail)
            .field("faults", &self.0.faults)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.kind.code, self.0.detail)
    }
}
